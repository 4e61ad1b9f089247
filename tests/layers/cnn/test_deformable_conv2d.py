import keras
import numpy as np
import pytest

from keras_nn.layers import DeformableConv2D
from keras_nn.ops import deformable_conv2d
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 7, 6, 4)).astype("float32")


def test_conformance():
    arguments = {"filters": 3, "kernel_size": 3, "strides": 2}
    check_layer(DeformableConv2D, arguments, (2, 6, 5, 2))


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_size": 3},
        {"kernel_size": (2, 3), "strides": (2, 1), "padding": "valid"},
        {"kernel_size": 3, "dilation_rate": 2, "modulated": False},
        {"kernel_size": 4, "strides": 3, "offset_groups": 2},
    ],
)
def test_a_new_layer_is_a_convolution(arguments):
    layer = DeformableConv2D(5, activation="relu", **arguments)
    found = layer(X)
    arguments = dict(arguments)
    arguments.setdefault("padding", "same")
    for name in ("modulated", "offset_groups"):
        arguments.pop(name, None)
    plain = keras.layers.Conv2D(5, activation="relu", **arguments)
    plain.build(X.shape)
    plain.set_weights([layer.kernel, layer.bias])
    np.testing.assert_allclose(found, plain(X), atol=1e-5)
    assert layer.compute_output_shape(X.shape) == found.shape


def test_offsets_and_masks_are_those_of_its_convolution():
    layer = DeformableConv2D(5, 3, use_bias=False, offset_groups=2)
    layer.build(X.shape)
    kernel, bias = layer.offset_conv.get_weights()
    layer.offset_conv.set_weights([RNG.normal(size=kernel.shape), bias])
    said = np.asarray(layer.offset_conv(X))
    masks = 2 / (1 + np.exp(-said[..., 36:]))
    expected = deformable_conv2d(X, layer.kernel, said[..., :36], masks)
    np.testing.assert_allclose(layer(X), expected, rtol=1e-4, atol=1e-4)


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="must divide the channels"):
        DeformableConv2D(5, 3, offset_groups=3)(X)
    with pytest.raises(ValueError, match="`padding` must be"):
        DeformableConv2D(5, 3, padding="causal")
    with pytest.raises(ValueError, match="must be positive"):
        DeformableConv2D(5, 0)
