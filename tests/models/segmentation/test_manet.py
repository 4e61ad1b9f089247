import pytest

from keras_nn.models import MANet
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {"filters": [4, 6], "units": 2, "reduction": 2, "classes": 3}


def backbone():
    return ResNet(
        include_top=False,
        input_shape=(16, 16, 3),
        num_blocks=[1, 1],
        num_filters=[3, 4],
        bottleneck=False,
        stem="cifar",
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {
            "backbone": backbone(),
            **SMALL,
            "classifier_activation": None,
            "dropout": 0.0,
        }

    check_model(MANet, arguments, (3, 16, 16, 3), (3, 16, 16, 3), jit=False)


def test_doubles_on_where_the_backbone_has_no_map():
    model = MANet(backbone(), strides=[2], include_top=False, **SMALL)
    assert model.output_shape == (None, 16, 16, 4)
    names = [layer.name for layer in model.layers]
    assert "without_bridge_1_conv_1" in names
    assert not any("fusion" in name for name in names)


def test_refuses_no_filters():
    with pytest.raises(ValueError, match=r"Received: filters=\[\]"):
        MANet(backbone(), filters=[])
