import keras
import pytest

from keras_nn.models import ResNet
from keras_nn.models import SegFormer
from keras_nn.testing import check_model

SMALL = {"strides": [1, 2], "filters": 4, "classes": 3}


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

    check_model(SegFormer, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False)


def test_without_the_top_it_ends_in_features():
    model = SegFormer(backbone(), include_top=False, **SMALL)
    side = 8 // model.output_stride
    assert model.output_shape == (None, side, side, 4)


def test_asks_for_maps_that_are_there():
    with pytest.raises(ValueError, match="`strides` must be among"):
        SegFormer(backbone(), strides=[1, 16])
    assert SegFormer(backbone()).strides == [1, 2]


def test_a_backbone_must_know_its_maps():
    with pytest.raises(ValueError, match="knows its maps by stride"):
        SegFormer(keras.Sequential())
