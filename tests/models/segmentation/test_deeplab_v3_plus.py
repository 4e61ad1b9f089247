import pytest

from keras_nn.models import DeepLabV3Plus
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {
    "strides": [1, 2],
    "rates": [1, 2],
    "filters": 4,
    "fine_filters": 3,
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

    check_model(DeepLabV3Plus, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False)


def test_without_the_top_it_ends_in_features():
    model = DeepLabV3Plus(backbone(), include_top=False, **SMALL)
    side = 8 // model.output_stride
    assert model.output_shape == (None, side, side, 4)


def test_looks_at_two_maps():
    with pytest.raises(ValueError, match="a fine and a coarse map"):
        DeepLabV3Plus(backbone(), strides=[2])
