import numpy as np
import pytest

from keras_nn.models import LeNet5
from keras_nn.models import ResNet
from keras_nn.models.image_backbone import ImageBackbone


def small(**arguments):
    return ResNet(
        **{
            "input_shape": (16, 16, 3),
            "num_blocks": [1, 1],
            "num_filters": [2, 4],
            "stem": "cifar",
            "classes": 3,
            **arguments,
        }
    )


def test_a_pyramid_is_a_list_of_maps_the_finest_first():
    model = small()
    assert model.strides == [1, 2]
    fine, coarse = model.features_only().output_shape
    assert fine[1:3] == (16, 16) and coarse[1:3] == (8, 8)
    assert model.features_only([2]).output_shape == coarse


def test_the_pyramid_shares_the_weights():
    model = small(include_top=False)
    pyramid = model.features_only()
    x = np.random.default_rng(0).normal(size=(1, 16, 16, 3)).astype("float32")
    for weight in model.weights:
        weight.assign(weight * 1.5)
    np.testing.assert_allclose(pyramid(x)[-1], model(x), rtol=1e-5)


@pytest.mark.parametrize("preactivation", [True, False])
def test_strides_are_those_of_the_maps(preactivation):
    model = small(
        input_shape=(64, 64, 3), preactivation=preactivation, stem="imagenet"
    )
    for stride, shape in zip(
        model.strides, model.features_only().output_shape, strict=True
    ):
        assert shape[1:3] == (64 // stride, 64 // stride)


def test_the_config_holds_the_arguments_of_the_head():
    config = small(pooling="max", include_top=False).get_config()
    assert config["input_shape"] == (16, 16, 3)
    assert config["pooling"] == "max" and config["weights"] is None
    assert "pooling" not in LeNet5().get_config()
    assert issubclass(LeNet5, ImageBackbone)


def test_refuses_a_stride_that_no_map_has():
    with pytest.raises(ValueError, match=r"Received: strides=\[2, 32\]"):
        small().features_only([2, 32])
    with pytest.raises(ValueError, match=r"Received: strides=\[\]"):
        small().features_only([])
