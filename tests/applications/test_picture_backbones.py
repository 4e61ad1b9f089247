import pytest

from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_backbones import picture_backbone


def test_every_family_is_on_offer():
    names = {cls.__name__ for cls in BACKBONES.values()}
    assert names == {
        "AlexNet",
        "ConvNeXt",
        "DenseNet",
        "EfficientNet",
        "MLPMixer",
        "MobileNetV2",
        "MobileNetV3",
        "ResNet",
        "SwinTransformer",
        "VGG",
        "VisionTransformer",
    }


@pytest.mark.parametrize(
    "name", ["mobilenet_v2_35", "vit_tiny_patch16", "convnextv2_atto"]
)
def test_a_backbone_gives_one_vector_a_picture(name):
    network = picture_backbone(name, (32, 32, 1))
    assert network.input_shape == (None, 32, 32, 1)
    assert len(network.output_shape) == 2


def test_refuses_unknown_networks_and_pictures_that_do_not_fit():
    with pytest.raises(UnknownChoice, match="did you mean 'resnet18'"):
        picture_backbone("resnet_18", (32, 32, 3))
    with pytest.raises(WrongRequest, match=r"of shape \(40, 40, 3\)"):
        picture_backbone("vit_tiny_patch16", (40, 40, 3))
