import pytest

from keras_nn.models import PSPNet
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {"strides": [2], "bins": [1, 2], "filters": 4, "classes": 3}


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

    check_model(PSPNet, arguments, (3, 8, 8, 3), (3, 8, 8, 3), jit=False)


def test_without_the_top_it_ends_in_features():
    model = PSPNet(backbone(), include_top=False, **SMALL)
    side = 8 // model.output_stride
    assert model.output_shape == (None, side, side, 4)


def test_looks_at_one_map():
    with pytest.raises(ValueError, match="must name one map"):
        PSPNet(backbone(), strides=[1, 2])
