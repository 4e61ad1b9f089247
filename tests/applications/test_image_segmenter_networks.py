from types import SimpleNamespace

import pytest

from keras_nn import models
from keras_nn.applications import ImageSegmenter
from keras_nn.applications import transfer
from keras_nn.applications.image_segmenter_networks import DECODERS
from keras_nn.applications.image_segmenter_networks import NETWORKS
from keras_nn.applications.image_segmenter_networks import _output_stride
from keras_nn.applications.image_segmenter_networks import network
from keras_nn.applications.image_segmenter_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest

BACKBONES = {"dpt": "vit_tiny_patch16"}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_setting_names_another_network(name):
    settings = resolve_settings(
        ImageSegmenter.default_settings(),
        ImageSegmenter.setting_choices(),
        {"network": name, "backbone": BACKBONES.get(name, "resnet20")},
    )
    found = network(RECIPES[0], settings, (64, 64, 3))
    app = ImageSegmenter(found, 3)
    assert app.output_shape == (None, 64, 64, 3)
    assert type(found) is DECODERS[name]
    assert found.backbone.name == settings["backbone"]


def test_a_u_net_has_a_backbone_only_where_one_is_named():
    settings = {**ImageSegmenter.default_settings(), "network": "unet"}
    assert type(network(RECIPES[0], settings, (64, 64, 3))) is models.UNet
    settings |= {"network": "auto", "backbone": "resnet20"}
    with pytest.raises(WrongRequest, match="Say which network is on the back"):
        network(RECIPES[0], settings, (64, 64, 3))


def test_a_network_that_cannot_be_is_refused():
    settings = ImageSegmenter.default_settings()
    settings |= {"network": "fpn", "backbone": "resnet18"}
    with pytest.raises(WrongRequest, match="fpn cannot take pictures"):
        network(RECIPES[0], settings, (50, 50, 3))


def test_a_vision_transformer_is_given_maps_of_other_strides():
    settings = ImageSegmenter.default_settings()
    settings |= {"network": "pan", "backbone": "vit_tiny_patch16"}
    found = network(RECIPES[0], settings, (64, 64, 3))
    assert found.strides == [4, 8, 16, 32]
    assert isinstance(found.backbone, models.SimplePyramid)
    app = ImageSegmenter(found, 3)
    assert transfer.learnt_part(app) is found.backbone.backbone


def test_a_backbone_may_stop_making_maps_smaller():
    settings = ImageSegmenter.default_settings()
    settings |= {"network": "deeplabv3", "output_stride": 2}
    settings |= {"backbone": "resnet20"}
    found = network(RECIPES[0], settings, (16, 16, 3))
    assert found.strides == [2] and found.backbone.output_stride == 2
    settings |= {"backbone": "vgg11", "output_stride": 16}
    with pytest.raises(WrongRequest, match="has no output_stride"):
        network(RECIPES[0], settings, (32, 32, 3))
    settings |= {"network": "auto", "backbone": "auto"}
    with pytest.raises(WrongRequest, match="Say which network is on the back"):
        network(RECIPES[0], settings, (32, 32, 3))


def test_backbones_stop_by_themselves_where_those_of_the_papers_do():
    able = SimpleNamespace(output_stride=None, strides=[8, 32])
    for name, stride in (("deeplabv3", 8), ("pan", 16), ("fpn", None)):
        assert _output_stride(name, able, "auto") == stride
    assert _output_stride("pan", able, None) is None
    assert _output_stride("fpn", able, 8) == 8
    assert _output_stride("pan", SimpleNamespace(strides=[32]), "auto") is None
    small = SimpleNamespace(output_stride=None, strides=[1, 4])
    assert _output_stride("deeplabv3", small, "auto") is None
