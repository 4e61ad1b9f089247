import numpy as np
import pytest

from keras_nn.models import MobileNetV2
from keras_nn.testing import check_model

TINY = {"input_shape": (32, 32, 3), "alpha": 0.1, "classes": 3}


@pytest.mark.slow
def test_conformance():
    arguments = {**TINY, "input_shape": (64, 64, 3)}
    check_model(
        MobileNetV2, arguments, (4, 64, 64, 3), (4, 3), fit=False, jit=False
    )


@pytest.mark.parametrize(
    "preset, weights",
    # torchvision's, and the paper's table 4.
    [("mobilenet_v2", 3_504_872), ("mobilenet_v2_140", 6_108_776)],
)
def test_has_the_published_number_of_weights(preset, weights):
    model = MobileNetV2.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == weights


def test_maps_are_the_thin_ends_of_blocks():
    model = MobileNetV2(input_shape=(64, 64, 3), include_top=False)
    shapes = [shape[1:] for shape in model.features_only().output_shape]
    sizes = [(64 // stride, 64 // stride) for stride in (2, 4, 8, 16, 32)]
    channels = (16, 24, 32, 96, 320)
    assert shapes == [(*s, c) for s, c in zip(sizes, channels, strict=True)]


def test_a_picture_of_any_size_gives_features():
    model = MobileNetV2(**{**TINY, "input_shape": (None, None, 3)})
    assert model(np.ones((1, 40, 56, 3), "float32")).shape == (1, 3)


def test_refuses_no_width():
    with pytest.raises(ValueError, match="Received: alpha=0"):
        MobileNetV2(alpha=0)
