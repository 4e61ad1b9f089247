import pytest

from keras_nn.models import VGG
from keras_nn.testing import check_model

TINY = {
    "input_shape": (8, 8, 3),
    "classes": 3,
    "classifier_activation": None,
    "num_convs": [1, 2],
    "num_filters": [4, 6],
    "units": 5,
}


def test_conformance():
    check_model(VGG, TINY, (8, 8, 8, 3), (8, 3), fit=False)


def test_conformance_with_batch_normalisation():
    arguments = {**TINY, "batch_norm": True, "units": None}
    check_model(VGG, arguments, (8, 8, 8, 3), (8, 3), fit=False)


@pytest.mark.parametrize(
    "preset, weights",
    # torchvision's, without the dense layers.
    [("vgg11", 9_220_480), ("vgg13", 9_404_992)],
)
def test_has_the_published_number_of_weights(preset, weights):
    model = VGG.from_preset(preset, include_top=False)
    assert model.count_params() == weights


def test_every_preset_is_of_the_depth_in_its_name():
    for name, preset in VGG.presets.items():
        depth = sum(preset["num_convs"]) + 3
        suffix = "_bn" if preset["batch_norm"] else ""
        assert name == f"vgg{depth}{suffix}"


def test_maps_are_those_before_each_pooling():
    model = VGG(**TINY)
    shapes = [shape[1:] for shape in model.features_only().output_shape]
    assert model.strides == [1, 2, 4]
    assert shapes == [(8, 8, 4), (4, 4, 6), (2, 2, 6)]


def test_refuses():
    with pytest.raises(ValueError, match="Received: num_convs="):
        VGG(num_convs=[1, 2, 3])
    with pytest.raises(ValueError, match=r"Received: input_shape=\(None"):
        VGG(**{**TINY, "input_shape": (None, None, 3)})
