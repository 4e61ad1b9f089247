import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import StandardizedConv2D
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"filters": 4, "kernel_size": 3}
    check_layer(StandardizedConv2D, arguments, (2, 5, 5, 3))


def test_equals_a_convolution_with_standardised_kernels():
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
    layer = StandardizedConv2D(4, 3)
    y = ops.convert_to_numpy(layer(x))
    kernel, bias = layer.get_weights()
    mean = kernel.mean((0, 1, 2))
    variance = kernel.var((0, 1, 2))
    plain = keras.layers.Conv2D(4, 3)
    plain.build(x.shape)
    plain.set_weights([(kernel - mean) / np.sqrt(variance + 1e-6), bias])
    np.testing.assert_allclose(y, plain(x), rtol=1e-4, atol=1e-4)


def test_size_and_offset_of_a_kernel_do_not_matter():
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
    layer = StandardizedConv2D(4, 3)
    before = ops.convert_to_numpy(layer(x))
    layer.kernel.assign(7 * layer.kernel + 2)
    np.testing.assert_allclose(layer(x), before, rtol=1e-3, atol=1e-3)


def test_refuses_no_filters():
    with pytest.raises(ValueError, match="filters"):
        StandardizedConv2D(0, 3)
