import pytest

from keras_nn.models import PAN
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

    check_model(PAN, arguments, (3, 16, 16, 3), (3, 16, 16, 3), jit=False)


def test_every_map_but_the_coarsest_is_weighed():
    model = PAN(backbone(), include_top=False, **SMALL)
    assert model.output_shape == (None, 16, 16, 4)
    names = [layer.name for layer in model.layers]
    assert names.count("attention") == 1
    assert [n for n in names if n.startswith("up_")] == ["up_0"]
