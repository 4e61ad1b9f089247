import numpy as np
import pytest

from keras_nn.layers import EqualizedDense
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")


def test_conformance():
    arguments = {"units": 3, "activation": "leaky_relu", "multiplier": 0.5}
    check_layer(EqualizedDense, arguments, X)


def test_equals_its_equation():
    layer = EqualizedDense(3, "leaky_relu", 0.01, bias_initializer="ones")
    y = np.asarray(layer(X))
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(bias, np.full(3, 100.0))
    x = X @ kernel * 0.01 / 2 + 1.0
    expected = np.where(x > 0, x, 0.2 * x) * np.sqrt(2)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_kernels_of_all_sizes_keep_the_variance():
    x = np.random.default_rng(1).normal(size=(500, 400)).astype("float32")
    for multiplier in (1.0, 0.01):
        layer = EqualizedDense(300, multiplier=multiplier)
        assert np.asarray(layer(x)).std() == pytest.approx(1, abs=0.05)
        deviation = np.asarray(layer.kernel).std()
        assert deviation == pytest.approx(1 / multiplier, rel=0.05)


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="`activation` must be one of"):
        EqualizedDense(3, "relu")
    with pytest.raises(ValueError, match="`units` must be positive"):
        EqualizedDense(0)
