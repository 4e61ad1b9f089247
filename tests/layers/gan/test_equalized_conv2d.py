import keras
import numpy as np
import pytest

from keras_nn.layers import EqualizedConv2D
from keras_nn.ops.fir_resampling import smoothed
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(3, 6, 8, 2)).astype("float32")


def test_conformance():
    arguments = {"filters": 3, "kernel_size": 3, "halve": True}
    check_layer(EqualizedConv2D, arguments, X)


@pytest.mark.parametrize("size", [1, 3])
def test_is_a_convolution_with_a_scaled_kernel(size):
    layer = EqualizedConv2D(3, size, "leaky_relu")
    y = np.asarray(layer(X))
    kernel = np.asarray(layer.kernel) / float(np.sqrt(size * size * 2))
    x = np.asarray(keras.ops.conv(X, kernel, padding="same"))
    expected = np.where(x > 0, x, 0.2 * x) * np.sqrt(2)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_halving_smooths_first():
    layer = EqualizedConv2D(3, 1, halve=True, use_bias=False)
    y = np.asarray(layer(X))
    assert y.shape == (3, 3, 4, 3) and len(layer.weights) == 1
    kernel = np.asarray(layer.kernel)[0, 0] / np.sqrt(2)
    expected = np.asarray(smoothed(X, 1, 1))[:, ::2, ::2] @ kernel
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_refuses_an_even_kernel():
    with pytest.raises(ValueError, match="`kernel_size` must be odd"):
        EqualizedConv2D(3, 2)
