import keras
import numpy as np
import pytest

from keras_nn.models import EfficientNet
from keras_nn.models import MobileNetV2
from keras_nn.models import MobileNetV3
from keras_nn.models import ResNet
from keras_nn.models.cnn.inverted_residuals import InvertedResiduals
from keras_nn.models.cnn.output_stride import dilated

SMALL = {"include_top": False, "input_shape": (32, 32, 3)}
RESNET = {
    **SMALL,
    "num_blocks": [1, 2, 2],
    "num_filters": [4, 4, 4],
    "stem": "cifar",
}
# Where a plain convolution of two pixels stands among those of one pixel.
NETWORKS = {
    "basic": (ResNet, {**RESNET, "bottleneck": False}, 4, 1, 0),
    "early": (ResNet, RESNET, 4, 1, 0),
    "middle": (ResNet, {**RESNET, "downsample": "middle"}, 4, 2, 0),
    "version 2": (ResNet, {**RESNET, "preactivation": True}, 4, 1, 0),
    "basic version 2": (
        ResNet,
        {**RESNET, "preactivation": True, "bottleneck": False},
        4,
        2,
        0,
    ),
    "mobilenet": (MobileNetV2, {**SMALL, "alpha": 0.1}, 32, 8, 3),
    "mobilenet of PyTorch": (
        MobileNetV2,
        {**SMALL, "alpha": 0.1, "padding": "symmetric"},
        32,
        8,
        0,
    ),
}

SLOW = {"basic", "version 2", "mobilenet of PyTorch"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW))
        for name in NETWORKS
    ],
)
def test_the_smaller_map_is_a_part_of_the_larger_one(name):
    cls, arguments, stride, output_stride, first = NETWORKS[name]
    plain = cls(**arguments)
    other = cls(output_stride=output_stride, **arguments)
    generator = np.random.default_rng(0)
    for weight, same in zip(plain.weights, other.weights, strict=True):
        assert weight.path == same.path
        value = generator.uniform(0.5, 1.5, size=weight.shape)
        if "kernel" in weight.path:
            taps = max(value.size // value.shape[-1], 1)
            value = (value - 1) * 4 / np.sqrt(taps)
        weight.assign(value)
        same.assign(value)
    assert other.strides[-1] == output_stride and plain.strides[-1] == stride
    x = generator.normal(size=(1, 32, 32, 3)).astype("float32")
    step = stride // output_stride
    expected = np.asarray(plain(x))
    assert expected.std() > 1e-3
    found = np.asarray(other(x))[:, first::step, first::step]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_fused_blocks_do_as_well():
    outputs = []
    x = np.random.default_rng(0).normal(size=(1, 16, 16, 3)).astype("float32")
    for output_stride in (None, 2):
        blocks = InvertedResiduals(
            0.9,
            keras.initializers.HeNormal,
            False,
            None,
            output_stride=output_stride,
        )
        images = keras.Input((16, 16, 3))
        y = blocks.fused_block(images, 4, "a", 6, strides=2)
        y = blocks.fused_block(y, 4, "b", None, strides=2)
        y = blocks.fused_block(y, 4, "c", 6)
        assert blocks.stride == (output_stride or 4)
        model = keras.Model(images, y)
        assert [layer.name for layer in model.layers].count("b_add") == 0
        if outputs:
            model.set_weights(outputs[0].get_weights())
        outputs.append(model)
    plain, other = (np.asarray(model(x)) for model in outputs)
    np.testing.assert_allclose(other[:, 1::2, 1::2], plain, atol=1e-4)


@pytest.mark.parametrize(
    "cls", [pytest.param(MobileNetV3, marks=pytest.mark.slow), EfficientNet]
)
def test_weights_are_those_of_the_plain_network(cls):
    further = {"width": 0.1, "depth": 0.1} if cls is EfficientNet else {}
    further = further or {"size": "small", "alpha": 0.1}
    plain = cls(**SMALL, **further)
    other = cls(**SMALL, **further, output_stride=16)
    assert other.strides == plain.strides[:-1]
    assert other.output_shape[1:3] == (2, 2)
    assert [w.path for w in other.weights] == [w.path for w in plain.weights]
    assert (
        cls.from_config(other.get_config()).output_shape == other.output_shape
    )


def test_refuses_what_no_map_has():
    for stride in (24, 2):
        with pytest.raises(ValueError, match="a power of two from 4 on"):
            ResNet(output_stride=stride)
    with pytest.raises(ValueError, match="Received: output_stride=1"):
        MobileNetV2(output_stride=1)


def test_taps_move_apart_only_beyond_the_limit():
    assert dilated(4, 1, 2, 8) == (2, 1)
    assert dilated(8, 2, 2, 8) == (1, 4)
    assert dilated(8, 2, 1, 8) == (1, 2)
