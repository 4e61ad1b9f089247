import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import normalize_groups

GAMMA, BETA = np.linspace(0.5, 2, 6), np.linspace(-1, 1, 6)


def naive(x, groups):
    y = np.empty_like(x)
    for example, outputs in zip(x, y, strict=True):
        for part in np.split(np.arange(6), groups):
            values = example[..., part]
            apart = values - values.mean()
            outputs[..., part] = apart / np.sqrt(values.var() + 1e-3)
    return y


@pytest.mark.parametrize("groups", [1, 3, 6])
@pytest.mark.parametrize("shape", [(2, 6), (2, 4, 6), (2, 3, 4, 6)])
def test_equals_the_equation(shape, groups):
    x = 50 + 3 * np.random.default_rng(0).normal(size=shape)
    tensors = [ops.convert_to_tensor(v, "float32") for v in (x, GAMMA, BETA)]
    for weights in ([], tensors[1:2], tensors[1:]):
        expected = naive(x, groups)
        expected = expected * GAMMA if weights else expected
        expected = expected + BETA if len(weights) == 2 else expected
        y = normalize_groups(tensors[0], groups, 1e-3, *weights)
        np.testing.assert_allclose(
            ops.convert_to_numpy(y), expected, rtol=1e-4, atol=1e-4
        )


def test_first_and_second_gradients_equal_those_of_the_tape():
    tf = pytest.importorskip("tensorflow")
    if keras.config.backend() != "tensorflow":
        pytest.skip("taken with a TensorFlow tape")
    generator = np.random.default_rng(0)
    x = tf.constant(generator.normal(size=(2, 3, 2, 6)))
    upstream = tf.constant(generator.normal(size=x.shape))
    weights = [tf.constant(GAMMA), tf.constant(BETA)]

    def by_tape(x, groups, epsilon, gamma, beta):
        parts = tf.reshape(x, (2, 6, groups, 6 // groups))
        apart = parts - tf.reduce_mean(parts, (1, 3), keepdims=True)
        variance = tf.reduce_mean(apart**2, (1, 3), keepdims=True)
        y = tf.reshape(apart / tf.sqrt(variance + epsilon), x.shape)
        return gamma * y + beta

    gradients = []
    for function in (normalize_groups, by_tape):
        with tf.GradientTape() as outer:
            outer.watch([x, *weights])
            with tf.GradientTape() as tape:
                tape.watch([x, *weights])
                loss = tf.reduce_sum(function(x, 3, 1e-3, *weights) * upstream)
            first = tape.gradient(loss, [x, *weights])
            penalty = tf.reduce_sum(first[0] ** 3)
        # Twice differentiable, as gradient penalties need.
        second = outer.gradient(penalty, [x, weights[0]])
        gradients.append([*first, *second])
    for ours, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)
