import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import DepthwiseConvBatchNorm
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"kernel_size": 3, "strides": 2, "activation": "relu"}
    check_layer(DepthwiseConvBatchNorm, arguments, (4, 6, 7, 3), mask=False)


@pytest.mark.parametrize("size", [8, 5])
@pytest.mark.parametrize(
    "strides, use_bias, rate", [(1, True, 1), (2, False, 1), (1, False, 2)]
)
def test_equals_convolution_and_normalisation(size, strides, use_bias, rate):
    shape = (4, size, size, 3)
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    layer = DepthwiseConvBatchNorm(
        5,
        strides=strides,
        use_bias=use_bias,
        momentum=0.9,
        dilation_rate=rate,
    )
    twin = keras.Sequential(
        [
            keras.Input(shape[1:]),
            keras.layers.DepthwiseConv2D(
                5,
                strides=strides,
                padding="same",
                use_bias=use_bias,
                dilation_rate=rate,
            ),
            keras.layers.BatchNormalization(momentum=0.9),
        ]
    )
    layer.build(shape)
    generator = np.random.default_rng(1)
    for mine, other in zip(layer.weights, twin.weights, strict=True):
        value = generator.uniform(0.5, 1.5, size=mine.shape)
        mine.assign(value)
        other.assign(value)
    for training in (False, True, False):
        np.testing.assert_allclose(
            ops.convert_to_numpy(layer(x, training=training)),
            ops.convert_to_numpy(twin(x, training=training)),
            rtol=1e-4,
            atol=1e-4,
        )
    for mine, other in zip(layer.weights, twin.weights, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-5)


def test_channels_do_not_meet():
    layer = DepthwiseConvBatchNorm(3)
    x = np.zeros((1, 5, 5, 2), "float32")
    x[..., 0] = 1.0
    y = ops.convert_to_numpy(layer(x))
    assert np.abs(y[..., 0]).max() > 0
    np.testing.assert_array_equal(y[..., 1], 0.0)


def test_refuses_padding_of_no_meaning():
    with pytest.raises(ValueError, match="Received: padding="):
        DepthwiseConvBatchNorm(3, padding="full")
