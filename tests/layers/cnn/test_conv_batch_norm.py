import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ConvBatchNorm
from keras_nn.testing import check_layer

CASES = [
    {"kernel_size": 1},
    {"kernel_size": 1, "strides": 2, "use_bias": True},
    {"kernel_size": 3, "padding": 1, "activation": "relu"},
    {"kernel_size": 3, "padding": 1, "strides": 2, "use_bias": True},
    {"kernel_size": 5, "padding": "valid", "use_bias": True},
    {"kernel_size": 3, "padding": 2, "dilation_rate": 2},
]


@pytest.mark.parametrize("case", [0, 3])
def test_conformance(case):
    arguments = {"filters": 4, **CASES[case]}
    check_layer(ConvBatchNorm, arguments, (4, 6, 7, 3), mask=False)


def keras_twin(layer, arguments, shape):
    """The three layers of Keras that it stands for, with its weights."""
    padding = arguments.get("padding", "same")
    frame = padding if isinstance(padding, int) else 0
    twin = keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.ZeroPadding2D(frame),
            keras.layers.Conv2D(
                4,
                arguments["kernel_size"],
                strides=arguments.get("strides", 1),
                padding="valid" if frame else padding,
                dilation_rate=arguments.get("dilation_rate", 1),
                use_bias=arguments.get("use_bias", False),
            ),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Activation(arguments.get("activation", "linear")),
        ]
    )
    generator = np.random.default_rng(1)
    for mine, other in zip(layer.weights, twin.weights, strict=True):
        assert mine.name == other.name
        value = generator.uniform(0.5, 1.5, size=mine.shape)
        mine.assign(value)
        other.assign(value)
    return twin


@pytest.mark.parametrize("size", [8, 3])
@pytest.mark.parametrize("arguments", CASES)
def test_equals_convolution_normalisation_and_activation(arguments, size):
    if size < arguments["kernel_size"]:
        size = 5
    x = np.random.default_rng(0).normal(size=(4, size, size, 3))
    x = x.astype("float32")
    layer = ConvBatchNorm(4, momentum=0.9, **arguments)
    layer.build(x.shape)
    twin = keras_twin(layer, arguments, x.shape[1:])
    for training in (False, True, False):
        np.testing.assert_allclose(
            ops.convert_to_numpy(layer(x, training=training)),
            ops.convert_to_numpy(twin(x, training=training)),
            rtol=1e-4,
            atol=1e-4,
        )
    for mine, other in zip(layer.weights, twin.weights, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-5)


def test_a_bias_changes_nothing_while_training():
    layer = ConvBatchNorm(2, 3, use_bias=True)
    x = np.random.default_rng(0).normal(size=(4, 6, 6, 3)).astype("float32")
    before = ops.convert_to_numpy(layer(x, training=True))
    layer.conv.bias.assign([5.0, -7.0])
    after = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_array_equal(before, after)


def test_a_frozen_norm_keeps_its_statistics():
    layer = ConvBatchNorm(2, 1)
    layer.build((None, 4, 4, 3))
    layer.norm.trainable = False
    x = np.ones((2, 4, 4, 3), "float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x, training=True)),
        ops.convert_to_numpy(layer(x, training=False)),
    )
    np.testing.assert_array_equal(layer.norm.moving_mean, np.zeros(2))


@pytest.mark.parametrize("padding", [-1, "full", 0.5])
def test_refuses_padding_of_no_meaning(padding):
    with pytest.raises(ValueError, match="Received: padding="):
        ConvBatchNorm(2, 3, padding=padding)


def test_groups_do_not_meet():
    layer = ConvBatchNorm(4, 3, groups=2)
    x = np.zeros((2, 5, 5, 4), "float32")
    x[..., :2] = np.random.default_rng(0).normal(size=(2, 5, 5, 2))
    for training in (False, True):
        y = ops.convert_to_numpy(layer(x, training=training))
        assert np.abs(y[..., :2]).max() > 0
        np.testing.assert_array_equal(y[..., 2:], 0.0)


def test_folded_it_is_one_convolution():
    layer = ConvBatchNorm(4, 3, padding=1, strides=2, use_bias=True)
    x = keras.random.normal((2, 6, 7, 3), seed=0)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(keras.random.uniform(weight.shape, 0.5, 1.5, seed=1))
    kernel, bias, convolve = layer.folded()
    np.testing.assert_allclose(
        convolve(x, kernel) + bias, layer(x, training=False), atol=1e-4
    )
