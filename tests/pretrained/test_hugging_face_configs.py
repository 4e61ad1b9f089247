import pytest

from keras_nn.models import ConvNeXt
from keras_nn.models import ResNet
from keras_nn.pretrained.hugging_face_configs import class_and_arguments
from keras_nn.pretrained.hugging_face_configs import config_of
from keras_nn.pretrained.hugging_face_configs import model_type
from keras_nn.pretrained.hugging_face_configs import preprocessing_of


def test_absent_entries_have_the_defaults_of_theirs():
    cls, arguments = class_and_arguments({"model_type": "swin"})
    assert cls.__name__ == "SwinTransformer"
    assert arguments["depths"] == [2, 2, 6, 2]
    assert arguments["input_shape"] == (224, 224, 3)
    assert arguments["classes"] == 2
    _, arguments = class_and_arguments({"model_type": "resnet"})
    assert arguments["num_filters"] == [64, 128, 256, 512]
    assert arguments["downsample"] == "middle"


def test_sides_and_labels_are_read():
    config = {
        "model_type": "vit",
        "image_size": [32, 48],
        "num_channels": 1,
        "id2label": {"0": "a", "1": "b", "2": "c"},
    }
    arguments = class_and_arguments(config)[1]
    assert arguments["input_shape"] == (32, 48, 1)
    assert arguments["classes"] == 3


def test_a_model_s_config_builds_it_again():
    model = ConvNeXt(
        input_shape=(32, 32, 3),
        depths=[1, 1],
        widths=[4, 8],
        classes=3,
        layer_scale=None,
        response_norm=True,
        include_preprocessing=False,
    )
    assert model_type(model) == "convnextv2"
    cls, arguments = class_and_arguments(config_of(model))
    again = cls(**arguments)
    assert [w.shape for w in again.weights] == [w.shape for w in model.weights]


@pytest.mark.parametrize(
    "config, received",
    [
        ({"model_type": "bert"}, "Received: 'bert'"),
        ({"model_type": "vit", "hidden_act": "relu"}, "Received: 'relu'"),
        (
            {"model_type": "resnet", "downsample_in_first_stage": True},
            "Received: True",
        ),
        (
            {"model_type": "resnet", "downsample_in_first_stage": True},
            "Received: True",
        ),
        (
            {"model_type": "swin", "use_absolute_embeddings": True},
            "Received: True",
        ),
    ],
)
def test_refuses_networks_that_ours_cannot_equal(config, received):
    with pytest.raises(ValueError, match=received):
        class_and_arguments(config)


def test_refuses_to_write_what_theirs_is_not():
    model = ResNet.from_preset("resnet20", input_shape=(32, 32, 3))
    with pytest.raises(ValueError, match="'stem': 'cifar'"):
        config_of(model)


def test_preprocessing():
    imagenet = {
        "image_mean": [0.485, 0.456, 0.406],
        "image_std": [0.229, 0.224, 0.225],
    }
    assert preprocessing_of(imagenet) == {"mode": "torch"}
    half = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    assert preprocessing_of(half)["mode"] == "published"
    assert preprocessing_of({"do_normalize": False}) == {"mode": "rescale"}
    assert preprocessing_of({}) is None
