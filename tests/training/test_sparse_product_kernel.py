import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import GCN
from keras_nn.ops import propagate_rows
from keras_nn.ops import segment_softmax
from keras_nn.ops import segment_sum
from keras_nn.ops import take_rows
from keras_nn.training import Model
from keras_nn.training import replicas
from keras_nn.training import sparse_product_kernel
from keras_nn.training.step import Step

RNG = np.random.default_rng(0)
# Twice the same, a loop, and ends that are no rows.
SOURCE = tf.constant([0, 0, 3, 2, 4, -1, 1, 1])
TARGET = tf.constant([1, 1, 3, 5, 0, 0, -1, 6])


def derivatives(data, weights, in_step):
    """Sums, their gradients, and the gradient of a penalty on those."""
    arguments = [data, weights]
    upstream = tf.reshape(tf.range(6.0 * data.shape[1]), (6, -1)) / 10
    step = Step((data,)) if in_step else None
    with replicas.enter(step), tf.GradientTape() as outer:
        outer.watch(arguments)
        with tf.GradientTape() as tape:
            tape.watch(arguments)
            y = propagate_rows(data, SOURCE, TARGET, 6, weights)
            loss = tf.reduce_sum(y * upstream)
        # A gradient of a gather may come as slices.
        first = [
            tf.convert_to_tensor(g) for g in tape.gradient(loss, arguments)
        ]
        penalty = sum(tf.reduce_sum(one**2) for one in first)
    second = outer.gradient(penalty, arguments)
    return [y, *first, *map(tf.convert_to_tensor, second)]


@pytest.mark.parametrize("width", [3, 37, 40])
def test_it_is_a_gather_and_a_segment_sum(width):
    data = tf.constant(RNG.normal(size=(4, width)), tf.float32)
    weights = tf.constant(RNG.uniform(0.5, 2, 8), tf.float32)
    expected = derivatives(data, weights, in_step=False)
    for ours, theirs in zip(
        derivatives(data, weights, in_step=True), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_segments_of_rows_are_the_same_with_it():
    data = tf.constant(RNG.normal(size=(8, 2, 3)), tf.float32)
    upstream = tf.constant(RNG.normal(size=(8, 2, 3)), tf.float32)

    def run():
        with tf.GradientTape() as tape:
            tape.watch(data)
            total = segment_sum(data, TARGET, 6)
            y = (
                total,
                take_rows(total, SOURCE),
                segment_softmax(data, TARGET, 6),
            )
            loss = tf.reduce_sum(upstream * (y[1] + y[2]))
        return [*y, tape.gradient(loss, data)]

    expected = run()
    with replicas.enter(Step((data,))):
        found = run()
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_is_taken_in_steps_of_the_engine_without_xla(monkeypatch):
    seen = []

    def product(*arguments):
        seen.append(arguments[4].dtype)
        return original(*arguments)

    original = sparse_product_kernel.product
    monkeypatch.setattr(sparse_product_kernel, "product", product)
    graph = {
        "node_features": RNG.normal(size=(1, 4, 3)).astype("float32"),
        "edge_index": np.array([[[0, 1], [1, 2], [2, 0], [-1, -1]]]),
    }
    network = GCN(3, 2, units=(5,), dropout=0.0, weight_decay=0.0)
    weights, taken = network.get_weights(), {}
    model = Model(network.input, network.output)
    for jit in (False, True):
        model.set_weights(weights)
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=jit)
        model.fit(graph, np.ones((1, 4, 2)), epochs=2, verbose=0)
        taken[jit] = (len(seen), model.get_weights())
        seen.clear()
    model.predict(graph, verbose=0)
    assert not seen
    # Forward and backward of two layers; the features need no gradient.
    assert taken[False][0] >= 3 and not taken[True][0]
    for one, other in zip(taken[False][1], taken[True][1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_leaves_half_precision_alone():
    with replicas.enter(Step((tf.zeros((4, 2)),))):
        assert sparse_product_kernel.choose(tf.zeros((4, 2))) is not None
        assert sparse_product_kernel.choose(tf.zeros((4, 2), "half")) is None
