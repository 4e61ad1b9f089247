import numpy as np
import pytest

from keras_nn.models import EfficientNet
from keras_nn.testing import check_model
from keras_nn.testing import slow_but

TINY = {
    "input_shape": (32, 32, 3),
    "width": 0.2,
    "depth": 0.1,
    "classes": 3,
    "dropout": 0.0,
    "drop_path": 0.0,
}


# Pictures of plain noise would all look alike after the preprocessing, and
# statistics of a single pixel an example would only hold rounding errors.
@pytest.mark.slow
@pytest.mark.parametrize("stages", slow_but("b", of=["b", "v2-b"]))
def test_conformance(stages):
    arguments = {**TINY, "input_shape": (64, 64, 3), "stages": stages}
    arguments["include_preprocessing"] = False
    check_model(
        EfficientNet, arguments, (4, 64, 64, 3), (4, 3), fit=False, jit=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "preset, weights",
    # torchvision's and timm's.
    [
        ("efficientnetb0", 5_288_548),
        ("efficientnetb2", 9_109_994),
        ("efficientnetv2-s", 21_458_488),
    ],
)
def test_has_the_published_number_of_weights(preset, weights):
    model = EfficientNet.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == weights


def test_later_blocks_are_dropped_more():
    model = EfficientNet(**{**TINY, "depth": 0.5, "drop_path": 0.2})
    rates = [layer.rate for layer in model.layers if "_drop" in layer.name][:-1]
    assert rates == sorted(rates) and 0 < rates[0] < rates[-1] < 0.2


def test_maps_are_the_thin_ends_of_blocks():
    model = EfficientNet(input_shape=(64, 64, 3), include_top=False)
    channels = [shape[-1] for shape in model.features_only().output_shape]
    assert model.strides == [2, 4, 8, 16, 32]
    assert channels == [16, 24, 40, 112, 320]


@pytest.mark.parametrize(
    "stages, channels, expected",
    [
        ("b", 1, lambda x: x / 255),
        ("v2-b", 3, lambda x: (x / 255 - MEAN) / STD),
        ("v2-b", 1, lambda x: x / 128 - 1),
        ("v2-s", 3, lambda x: x / 128 - 1),
    ],
)
def test_brings_pictures_to_its_range(stages, channels, expected):
    model = EfficientNet(
        **{**TINY, "stages": stages, "input_shape": (32, 32, channels)}
    )
    name = "rescaling" if stages == "v2-s" else "normalization"
    name = "rescaling" if (stages, channels) == ("v2-b", 1) else name
    x = np.random.default_rng(0).uniform(0, 255, (1, 32, 32, channels))
    scaled = model.features([name])(x.astype("float32"))
    np.testing.assert_allclose(scaled, expected(x), rtol=1e-3, atol=1e-4)


MEAN = np.array([0.485, 0.456, 0.406])
STD = np.array([0.229, 0.224, 0.225])


@pytest.mark.parametrize("argument, value", [("stages", "c"), ("width", 0)])
def test_refuses(argument, value):
    with pytest.raises(ValueError, match=f"Received: .*{argument}="):
        EfficientNet(**{**TINY, argument: value})
