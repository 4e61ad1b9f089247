import pytest

from keras_nn.models import ResNet
from keras_nn.models import UPerNet
from keras_nn.testing import check_model

SMALL = {"bins": [1, 2], "filters": 4, "classes": 3}


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

    check_model(UPerNet, arguments, (3, 16, 16, 3), (3, 16, 16, 3), jit=False)


def test_maps_are_normalised_where_asked_for():
    for normalize in (True, False):
        model = UPerNet(
            backbone(), include_top=False, normalize=normalize, **SMALL
        )
        assert model.output_shape == (None, 16, 16, 4)
        names = [layer.name for layer in model.layers]
        assert ("norm_0" in names) == ("norm_1" in names) == normalize


def test_maps_must_fit_one_into_another():
    with pytest.raises(ValueError, match="a multiple of the one before"):
        UPerNet(backbone(), strides=[2, 3])
