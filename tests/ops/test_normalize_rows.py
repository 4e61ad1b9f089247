import keras
import numpy as np
from keras import ops

from keras_nn.ops import normalize_rows
from keras_nn.testing.backend import gradients

RNG = np.random.default_rng(0)
X = (5 + 3 * RNG.normal(size=(6, 3))).astype("float32")
MASK = np.array([True, True, False, True, True, False])
GAMMA = np.array([2.0, 0.5, 1.0], "float32")
BETA = np.array([0.1, 0.2, 0.3], "float32")
UPSTREAM = RNG.normal(size=(6, 3)).astype("float32")


def plain(x, gamma, beta):
    """The equation, differentiated operation by operation."""
    rows = ops.take(x, np.flatnonzero(MASK), axis=0)
    mean, variance = ops.mean(rows, axis=0), ops.var(rows, axis=0)
    y = gamma * (x - mean) / ops.sqrt(variance + 1e-3) + beta
    return y, mean, variance


def closed(x, gamma, beta):
    return normalize_rows(x, gamma, beta, 1e-3, ops.convert_to_tensor(MASK))


def derivatives(function):
    """Outputs and gradients."""
    variables = [keras.Variable(value) for value in (X, GAMMA, BETA)]

    def loss():
        outputs = function(*(variable.value for variable in variables))
        return ops.sum(outputs[0] * UPSTREAM), outputs

    _, outputs, first = gradients(loss, variables)
    return [ops.convert_to_numpy(value) for value in (*outputs, *first)]


def test_equals_the_equation_and_its_gradients():
    for ours, theirs in zip(
        derivatives(closed), derivatives(plain), strict=True
    ):
        scale = np.abs(theirs).max() + 1e-3
        np.testing.assert_allclose(ours, theirs, atol=2e-5 * scale)


def test_has_a_second_gradient():
    if keras.config.backend() != "tensorflow":
        return
    import tensorflow as tf

    def penalty(function):
        arguments = [tf.constant(value) for value in (X, GAMMA, BETA)]
        with tf.GradientTape() as outer:
            outer.watch(arguments)
            with tf.GradientTape() as tape:
                tape.watch(arguments)
                loss = tf.reduce_sum(function(*arguments)[0] * UPSTREAM)
            first = tape.gradient(loss, arguments)
            total = sum(tf.reduce_sum(one**2) for one in first)
        return outer.gradient(total, arguments[:2])

    for ours, theirs in zip(penalty(closed), penalty(plain), strict=True):
        scale = np.abs(theirs).max() + 1e-3
        np.testing.assert_allclose(ours, theirs, atol=2e-5 * scale)


def test_no_row_that_counts_leaves_all_finite():
    y, mean, variance = normalize_rows(X, GAMMA, BETA, 1e-3, np.zeros(6, bool))
    assert np.isfinite(ops.convert_to_numpy(y)).all()
    np.testing.assert_array_equal([mean, variance], np.zeros((2, 3)))
