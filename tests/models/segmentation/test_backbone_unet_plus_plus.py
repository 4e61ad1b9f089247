import pytest

from keras_nn.models import BackboneUNetPlusPlus
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

    check_model(
        BackboneUNetPlusPlus, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False
    )


def test_every_node_sees_its_row_and_the_one_below():
    whole = ResNet(
        include_top=False,
        input_shape=(16, 16, 3),
        num_blocks=[1, 1, 1],
        num_filters=[3, 4, 5],
        bottleneck=False,
        stem="cifar",
    )
    model = BackboneUNetPlusPlus(whole, include_top=False, filters=[6, 7])
    joined = {
        layer.name: layer.output.shape[1:]
        for layer in model.layers
        if layer.name.endswith("_bridge")
    }
    assert joined == {
        "x_0_1_bridge": (16, 16, 3 + 4),
        "x_1_1_bridge": (8, 8, 4 + 5),
        "x_0_2_bridge": (16, 16, 3 + 6 + 7),
    }
    assert model.output_shape == (None, 16, 16, 6) and model.stride == 4
