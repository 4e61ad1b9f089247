import numpy as np
import pytest

from keras_nn.models import ConvNeXt
from keras_nn.testing import check_model
from keras_nn.testing import slow_but

TINY = {
    "input_shape": (16, 16, 3),
    "classes": 3,
    "classifier_activation": None,
    "depths": [1, 1],
    "widths": [4, 6],
}
VERSION_TWO = {"layer_scale": None, "response_norm": True}


@pytest.mark.slow
@pytest.mark.parametrize("version", slow_but(VERSION_TWO, of=[{}, VERSION_TWO]))
def test_conformance(version):
    arguments = {**TINY, **version}
    check_model(ConvNeXt, arguments, (4, 16, 16, 3), (4, 3), fit=False)


@pytest.mark.parametrize(
    "preset, weights",
    # timm's, and the papers' 28.6, 28.6 and 3.7 million.
    [
        ("convnext_tiny", 28_589_128),
        ("convnextv2_tiny", 28_635_496),
        ("convnextv2_atto", 3_708_400),
    ],
)
def test_has_the_published_number_of_weights(preset, weights):
    assert ConvNeXt.from_preset(preset).count_params() == weights


def test_normalises_pictures_of_three_channels():
    model = ConvNeXt(**TINY)
    bare = ConvNeXt(**TINY, include_preprocessing=False)
    bare.set_weights(model.get_weights())
    x = np.random.default_rng(0).uniform(0, 255, (1, 16, 16, 3))
    mean = np.array([0.485, 0.456, 0.406])
    std = np.array([0.229, 0.224, 0.225])
    normal = ((x / 255 - mean) / std).astype("float32")
    np.testing.assert_allclose(
        model(x.astype("float32")), bare(normal), rtol=1e-3, atol=1e-4
    )
    grey = ConvNeXt(**{**TINY, "input_shape": (16, 16, 1)})
    assert "normalization" not in [layer.name for layer in grey.layers]


def test_blocks_start_as_their_shortcuts():
    model = ConvNeXt(**TINY, include_top=False)
    x = np.ones((1, 16, 16, 3), "float32")
    before, after = model.features(["stem_norm", "stage_0_block_0_add"])(x)
    np.testing.assert_allclose(before, after, atol=1e-4)


def test_refuses_depths_without_widths():
    with pytest.raises(ValueError, match="Received: depths="):
        ConvNeXt(**{**TINY, "depths": [1, 1, 1]})
