import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import linear_recurrence
from keras_nn.ops import selective_scan


def draw(*shape, seed=0):
    generator = np.random.default_rng([seed, *shape])
    return generator.normal(size=shape).astype("float32")


@pytest.mark.parametrize("length", [1, 2, 3, 7, 64])
def test_equals_the_recurrence_step_by_step(length):
    decay = 1 / (1 + np.exp(-draw(2, length, 3)))
    inputs = draw(2, length, 3, seed=1)
    states = ops.convert_to_numpy(linear_recurrence(decay, inputs))
    state = np.zeros((2, 3))
    for step in range(length):
        state = decay[:, step] * state + inputs[:, step]
        np.testing.assert_allclose(states[:, step], state, atol=1e-5)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="shapes are always known"
)
def test_a_length_that_is_not_known():
    import tensorflow as tf

    spec = tf.TensorSpec((None, None, 3))
    traced = tf.function(linear_recurrence, input_signature=[spec, spec])
    decay, inputs = draw(2, 9, 3), draw(2, 9, 3, seed=1)
    expected = linear_recurrence(decay, inputs)
    np.testing.assert_allclose(traced(decay, inputs), expected, atol=1e-5)


def test_selective_scan_equals_mambas_equations():
    batch, length, features, size = 2, 33, 3, 4
    x = draw(batch, length, features)
    delta = np.log1p(np.exp(draw(batch, length, features, seed=1)))
    rates = -np.exp(draw(features, size))
    write, read = draw(batch, length, size), draw(batch, length, size, seed=1)
    y = ops.convert_to_numpy(selective_scan(x, delta, rates, write, read))
    state = np.zeros((batch, features, size))
    for t in range(length):
        step = delta[:, t, :, None]
        taken = step * write[:, t, None] * x[:, t, :, None]
        state = np.exp(step * rates) * state + taken
        expected = np.einsum("bfs,bs->bf", state, read[:, t])
        np.testing.assert_allclose(y[:, t], expected, rtol=1e-4, atol=1e-5)


def test_a_memory_that_never_fades_adds_up():
    ones = np.ones((1, 100, 1), "float32")
    states = ops.convert_to_numpy(linear_recurrence(ones, ones))
    assert states[0, :, 0].tolist() == list(range(1, 101))
