import pytest

from keras_nn.models import LinkNet
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {"filters": 4, "classes": 3}


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

    check_model(LinkNet, arguments, (3, 16, 16, 3), (3, 16, 16, 3), jit=False)


def test_doubles_on_where_the_backbone_has_no_map():
    model = LinkNet(backbone(), strides=[2], include_top=False, **SMALL)
    assert model.output_shape == (None, 16, 16, 4)
    assert model.get_layer("without_link_1_in").filters == 1
    names = [layer.name for layer in model.layers]
    assert not any(name.startswith("link_") for name in names)


def test_strides_must_double():
    other = ResNet.from_preset(
        "resnet20", input_shape=(16, 16, 3), include_top=False
    )
    with pytest.raises(ValueError, match="twice the one before"):
        LinkNet(other, strides=[1, 4])
