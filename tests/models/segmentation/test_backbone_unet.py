import pytest

from keras_nn.models import BackboneUNet
from keras_nn.models import ResNet
from keras_nn.testing import check_model


def backbone(**changes):
    return ResNet(
        include_top=False,
        input_shape=(8, 8, 3),
        num_blocks=[1, 1],
        num_filters=[3, 4],
        bottleneck=False,
        **{"stem": "cifar", **changes},
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {
            "backbone": backbone(),
            "filters": [4, 6],
            "classes": 3,
            "classifier_activation": None,
        }

    check_model(BackboneUNet, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False)


def test_bridges_are_the_backbones_maps_and_the_rest_has_none():
    own = backbone(stem="imagenet", stem_filters=5)
    assert own.strides == [2, 4, 8]
    model = BackboneUNet(own, include_top=False, filters=[6, 7])
    joined = {
        layer.name: layer.output.shape[1:]
        for layer in model.layers
        if layer.name.endswith("_bridge")
    }
    assert joined == {
        "up_1_bridge": (2, 2, 3 + 4),
        "up_0_bridge": (4, 4, 5 + 7),
    }
    assert model.output_shape == (None, 8, 8, 6)
    assert model.output_stride == 1 and model.stride == 8
