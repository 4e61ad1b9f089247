import math

import numpy as np
import pytest

from keras_nn.layers import S4D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 9, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(S4D, {"num_states": 2}, (3, 4, 5), mask=False)


def test_the_convolution_is_the_recurrence():
    layer = S4D(num_states=4)
    whole, state = np.array(layer(X)), layer.empty_state(2)
    for place in range(9):
        y, state = layer.step(X[:, place], state)
        np.testing.assert_allclose(y, whole[:, place], atol=1e-5)


def test_equals_the_recurrence_in_complex_numbers():
    layer = S4D(num_states=4)
    whole = np.array(layer(X[:1]))[0]
    step = np.exp(np.array(layer.log_steps, "float64"))[:, None]
    rates = -np.exp(np.array(layer.log_rates)) + 1j * np.array(layer.waves)
    real, imag = np.array(layer.read)
    keep = np.exp(step * rates)
    read = (real + 1j * imag) * (keep - 1) / rates
    kernel, bias = layer.mix.get_weights()
    state = np.zeros((3, 4), complex)
    for place, x in enumerate(X[0]):
        state = keep * state + x[:, None]
        y = 2 * (read * state).sum(-1).real + np.array(layer.skip) * x
        y = y * (1 + np.vectorize(math.erf)(y / math.sqrt(2))) / 2  # gelu
        a, b = np.split(y @ kernel + bias, 2)
        expected = a / (1 + np.exp(-b))
        np.testing.assert_allclose(whole[place], expected, atol=1e-4)


def test_refuses_no_states():
    with pytest.raises(ValueError, match="num_states=0"):
        S4D(0)
