import numpy as np
import pytest

from keras_nn.models import ConvNeXt
from keras_nn.pretrained import timm
from keras_nn.pretrained.timm_names import tensors


def test_architectures_are_presets_of_ours():
    for name, expected in (
        ("resnet101.a1_in1k", {"num_blocks": [3, 4, 23, 3]}),
        ("vit_base_patch32_384", {"patch_size": 32, "epsilon": 1e-6}),
        ("convnextv2_nano", {"response_norm": True, "layer_scale": None}),
        ("swin_small_patch4_window7_224", {"depths": [2, 2, 18, 2]}),
        ("swin_base_patch4_window12_384", {"window_size": 12}),
        ("resnext101_32x8d", {"groups": 32, "group_width": 8}),
        ("seresnet152", {"squeeze": 1 / 16, "downsample": "middle"}),
        ("densenet169", {"num_layers": [6, 12, 32, 32]}),
        ("vgg16_bn", {"batch_norm": True, "epsilon": 1e-5}),
        ("mixer_b16_224", {"token_dim": 384}),
        ("efficientnet_b3", {"width": 1.2, "padding": "symmetric"}),
        ("tf_efficientnetv2_s", {"stages": "v2-s"}),
        ("mobilenetv2_140", {"alpha": 1.4, "epsilon": 1e-5}),
        ("tf_mobilenetv3_large_minimal_100", {"minimalistic": True}),
    ):
        arguments = timm.class_and_arguments({"architecture": name})[1]
        assert {k: arguments[k] for k in expected} == expected, name


def test_pictures_are_as_published():
    published = {
        "input_size": [3, 384, 384],
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
    }
    arguments = timm.class_and_arguments(
        {"architecture": "vit_base_patch16_384", "pretrained_cfg": published}
    )[1]
    assert arguments["input_shape"] == (384, 384, 3)
    assert arguments["preprocessing"]["published_mean"] == [0.5] * 3


@pytest.mark.parametrize(
    "name",
    [
        "resnet26d",
        "resnet20",  # ours of this name is for small pictures
        "densenet161",
        "mobilenetv3_small_050",
        "vit_base_patch16_clip_224",
        "convnext_zepto",
        None,
    ],
)
def test_refuses_networks_we_do_not_have(name):
    with pytest.raises(ValueError, match=f"Received: '{name}'"):
        timm.class_and_arguments({"architecture": name})


def test_refuses_arguments_that_would_make_another_network():
    config = {"architecture": "resnet50", "model_args": {"stem_type": "deep"}}
    with pytest.raises(ValueError, match="Received: stem_type='deep'"):
        timm.class_and_arguments(config)


def test_without_the_top_the_classifier_stays_behind():
    arguments = {
        "input_shape": (32, 32, 3),
        "depths": [1],
        "widths": [4],
        "include_preprocessing": False,
    }
    whole = ConvNeXt(**arguments, classes=3)
    given = {}
    for name, variables in tensors(whole).items():
        values = [np.asarray(v) for v in variables]
        given[name] = values[0].T if values[0].ndim < 3 else values[0]
        if values[0].ndim == 4:
            axes = (2, 3, 0, 1) if "conv_dw" in name else (3, 2, 0, 1)
            given[name] = values[0].transpose(axes)
    features = ConvNeXt(**arguments, include_top=False, pooling="avg")
    assert timm.assign(features, given) == len(features.weights)
    with pytest.raises(ValueError, match="left over: ..stray"):
        timm.assign(features, {**given, "stray": np.ones(1)})
