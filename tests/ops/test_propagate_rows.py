import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import propagate_rows
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import gradients

RNG = np.random.default_rng(0)
DATA = RNG.normal(size=(4, 3)).astype("float32")
# Twice the same, a loop, and ends that are no rows of either side.
SOURCE = np.array([0, 0, 3, 2, 4, -1, 1, 1], "int32")
TARGET = np.array([1, 1, 3, 5, 0, 0, -1, 6], "int32")
WEIGHTS = RNG.uniform(0.5, 2, 8).astype("float32")
ROWS = 6


def naive(data, weights):
    y = np.zeros((ROWS, 3))
    for source, target, weight in zip(SOURCE, TARGET, weights, strict=True):
        if 0 <= source < 4 and 0 <= target < ROWS:
            y[target] += weight * data[source]
    return y


@pytest.mark.parametrize("jit", [False, True])
def test_equals_a_loop_over_edges(jit):
    run = compiled(
        lambda x: propagate_rows(x[0], SOURCE, TARGET, ROWS, x[1]), [], jit=jit
    )
    y = ops.convert_to_numpy(run([DATA, WEIGHTS]))
    np.testing.assert_allclose(y, naive(DATA, WEIGHTS), rtol=1e-5)


def test_without_weights_all_weigh_the_same():
    y = ops.convert_to_numpy(propagate_rows(DATA, SOURCE, TARGET, ROWS))
    np.testing.assert_allclose(y, naive(DATA, np.ones(8)), rtol=1e-5)


def test_the_gradient_is_that_of_the_loop():
    data, weights = keras.Variable(DATA), keras.Variable(WEIGHTS)
    upstream = RNG.normal(size=(ROWS, 3)).astype("float32")

    def loss():
        y = propagate_rows(data.value, SOURCE, TARGET, ROWS, weights.value)
        return ops.sum(y * upstream), y

    found = gradients(loss, [data, weights])[2]
    # The loop is linear in either.
    for index, (of, other) in enumerate(((DATA, WEIGHTS), (WEIGHTS, DATA))):
        expected = np.zeros(of.shape)
        for place in np.ndindex(of.shape):
            one = np.zeros(of.shape)
            one[place] = 1
            pair = (one, other) if index == 0 else (other, one)
            expected[place] = (naive(*pair) * upstream).sum()
        received = ops.convert_to_numpy(found[index])
        np.testing.assert_allclose(received, expected, rtol=1e-4, atol=1e-6)
