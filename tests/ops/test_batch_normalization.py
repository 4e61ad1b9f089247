import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import normalize_batch

GAMMA, BETA = np.array([2.0, 0.5, 1.0]), np.array([0.1, 0.2, 0.3])


def naive(x):
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axes), x.var(axes)
    return GAMMA * (x - mean) / np.sqrt(variance + 1e-3) + BETA, mean, variance


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 5, 3)])
def test_equals_the_equation(shape):
    x = 5 + 3 * np.random.default_rng(0).normal(size=shape)
    outputs = normalize_batch(
        ops.convert_to_tensor(x, "float32"),
        ops.convert_to_tensor(GAMMA, "float32"),
        ops.convert_to_tensor(BETA, "float32"),
        1e-3,
    )
    for given, expected in zip(outputs, naive(x), strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(given), expected, rtol=1e-4, atol=1e-4
        )


def test_first_and_second_gradients_equal_those_of_the_tape():
    tf = pytest.importorskip("tensorflow")
    if keras.config.backend() != "tensorflow":
        pytest.skip("taken with a TensorFlow tape")
    generator = np.random.default_rng(0)
    x = tf.constant(generator.normal(size=(2, 3, 3, 3)))
    upstream = tf.constant(generator.normal(size=x.shape))
    weights = [tf.constant(GAMMA), tf.constant(BETA)]

    def closed_form(x, gamma, beta):
        return normalize_batch(x, gamma, beta, 1e-3)[0]

    def by_tape(x, gamma, beta):
        # tf.nn.moments stops a gradient that the second derivative needs.
        mean = tf.reduce_mean(x, (0, 1, 2))
        variance = tf.reduce_mean((x - mean) ** 2, (0, 1, 2))
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)

    gradients = []
    for function in (closed_form, by_tape):
        with tf.GradientTape() as outer:
            outer.watch([x, *weights])
            with tf.GradientTape() as tape:
                tape.watch([x, *weights])
                loss = tf.reduce_sum(function(x, *weights) * upstream)
            first = tape.gradient(loss, [x, *weights])
            penalty = tf.reduce_sum(first[0] ** 3)
        # Twice differentiable, as gradient penalties need.
        second = outer.gradient(penalty, [x, weights[0]])
        gradients.append([*first, *second])
    for ours, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)


def test_a_constant_batch_becomes_beta():
    y, mean, variance = normalize_batch(
        ops.full((4, 1), 9.0), ops.ones(1), ops.full((1,), 0.5), 1e-3
    )
    np.testing.assert_allclose(ops.convert_to_numpy(y), 0.5)
    assert float(mean[0]) == 9.0 and float(variance[0]) == 0.0
