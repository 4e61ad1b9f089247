import keras
import numpy as np
import pytest

from keras_nn.layers import CondConv2D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(3, 4, 5, 2)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(
        CondConv2D,
        {"filters": 3, "kernel_size": 3, "num_experts": 2, "use_bias": True},
        (3, 4, 5, 2),
    )


@pytest.mark.parametrize("strides, padding", [(1, "valid"), (2, "same")])
def test_equals_a_convolution_of_each_picture(strides, padding):
    layer = CondConv2D(3, 3, 2, strides, padding)
    y = layer(X)
    assert tuple(y.shape) == layer.compute_output_shape(X.shape)
    shares = np.asarray(layer.routing(X.mean((1, 2))))
    for index, picture in enumerate(X):
        kernel = np.tensordot(shares[index], layer.kernel.numpy(), 1)
        expected = keras.ops.conv(
            picture[None], kernel, strides, padding, data_format="channels_last"
        )
        np.testing.assert_allclose(y[index], expected[0], atol=1e-5)


def test_kernels_begin_apart_and_as_one_kernel_would():
    layer = CondConv2D(32, 3, 4)
    layer.build((None, 8, 8, 16))
    kernel = layer.kernel.numpy()
    assert not np.allclose(kernel[0], kernel[1])
    assert kernel.std() == pytest.approx(np.sqrt(2 / (9 * 16)), rel=0.1)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="num_experts=0"):
        CondConv2D(3, 3, 0)
    with pytest.raises(ValueError, match="padding='full'"):
        CondConv2D(3, 3, padding="full")
