import pytest

from keras_nn.models import DeepLabV3
from keras_nn.models import ResNet
from keras_nn.testing import check_model

SMALL = {"rates": [1, 2], "filters": 4, "classes": 3}


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
            "pooling_dropout": 0.0,
            "classifier_activation": None,
            "dropout": 0.0,
        }

    check_model(DeepLabV3, arguments, (3, 16, 16, 3), (3, 16, 16, 3), jit=False)


def test_looks_at_the_deepest_map():
    assert DeepLabV3(backbone(), **SMALL).strides == [2]
    with pytest.raises(ValueError, match="must name one map"):
        DeepLabV3(backbone(), strides=[1, 2])
