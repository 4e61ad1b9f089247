import pytest

from keras_nn.models import AlexNet
from keras_nn.testing import check_model
from keras_nn.testing import slow_but

SMALL = {"input_shape": (67, 67, 3), "classes": 3, "units": 4}


@pytest.mark.slow
@pytest.mark.parametrize("towers", slow_but(1, of=[1, 2]))
def test_conformance(towers):
    arguments = {**SMALL, "towers": towers, "dropout": 0.0}
    check_model(
        AlexNet, arguments, (2, 67, 67, 3), (2, 3), fit=False, jit=towers == 1
    )


@pytest.mark.parametrize(
    "preset, size, convolutions, flat",
    # torchvision's, and the sum of the paper's figure 2, which come, with
    # the dense layers, to 61,100,840 and 60,965,224.
    [("alexnet", 224, 2_469_696, 9216), ("alexnet2012", 227, 2_334_080, 9216)],
)
def test_has_the_published_number_of_weights(preset, size, convolutions, flat):
    model = AlexNet.from_preset(
        preset, include_top=False, input_shape=(size, size, 3)
    )
    assert model.count_params() == convolutions
    _, height, width, channels = model.features_only([32]).output_shape
    assert height * width * channels == flat


def test_two_towers_meet_in_the_third_convolution():
    model = AlexNet(**SMALL, towers=2)
    groups = [model.get_layer(f"conv{i}").groups for i in range(1, 6)]
    assert groups == [1, 2, 1, 2, 2]


def test_refuses():
    with pytest.raises(ValueError, match="Received: towers=3"):
        AlexNet(towers=3)
    with pytest.raises(ValueError, match="Received: input_shape="):
        AlexNet(input_shape=(32, 32, 3))
