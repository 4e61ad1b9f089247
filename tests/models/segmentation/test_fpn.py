import pytest

from keras_nn.models import FPN
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {
    "strides": [1, 2],
    "pyramid_filters": 4,
    "filters": 4,
    "norm_groups": 2,
    "classes": 3,
}


def backbone():
    return ResNet(
        include_top=False,
        input_shape=(8, 8, 3),
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

    check_model(FPN, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False)


def test_without_the_top_it_ends_in_features():
    model = FPN(backbone(), include_top=False, **SMALL)
    side = 8 // model.output_stride
    assert model.output_shape == (None, side, side, 4)


def test_strides_must_double():
    with pytest.raises(ValueError, match="twice the one before"):
        FPN(backbone(), strides=[1, 4])
