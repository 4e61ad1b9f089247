"""Picture models of timm, in its safetensors form, to ours.

ResNet, ViT, ConvNeXt (versions 1 and 2) and Swin, from a folder or the hub.
"""

import re

from keras_nn import models
from keras_nn.pretrained.assign_tensors import assign_tensors
from keras_nn.pretrained.hugging_face import is_unused
from keras_nn.pretrained.hugging_face_configs import preprocessing_of
from keras_nn.pretrained.published_folder import PublishedFolder
from keras_nn.pretrained.timm_names import tensors as tensors_by_name

_TOPS = ("head.fc.", "head.weight", "head.bias", "fc.")
# Patterns of timm's names of architectures; our class; what timm's networks
# have where our defaults differ; our names of arguments of theirs.
_FAMILIES = (
    (
        r"resnet(18|34|50|101|152)",
        models.ResNet,
        {
            "conv_bias": False,
            "momentum": 0.9,
            "epsilon": 1e-5,
            "downsample": "middle",
        },
        {"layers": "num_blocks"},
    ),
    (
        r"(vit_(?:tiny|small|base|large|huge)_patch\d+)_\d+",
        models.VisionTransformer,
        {"epsilon": 1e-6, "pooling": "cls"},
        {
            "embed_dim": "hidden_dim",
            "depth": "num_layers",
            "num_heads": "num_heads",
            "patch_size": "patch_size",
            "mlp_ratio": "mlp_ratio",
            "qkv_bias": "use_bias",
            "init_values": "layer_scale",
        },
    ),
    (
        r"(convnext(?:v2)?_[a-z]+)",
        models.ConvNeXt,
        {"include_preprocessing": False},
        {"depths": "depths", "dims": "widths"},
    ),
    (
        r"(swin_[a-z]+)_patch4_window(\d+)_\d+",
        models.SwinTransformer,
        {},
        {
            "embed_dim": "hidden_dim",
            "depths": "depths",
            "num_heads": "num_heads",
            "window_size": "window_size",
            "patch_size": "patch_size",
        },
    ),
)


def load(
    name,
    include_top=True,
    sha256=None,
    revision=None,
    resample=False,
    **arguments,
):
    """Builds our network with weights that timm publishes.

    Args:
        name: path of a folder with timm's `config.json` and
            `model.safetensors`, or an id such as `timm/resnet50.a1_in1k` of
            the hub (`pip install keras-nn[hub]`).
        include_top: bool. Whether the model ends in the classifier. Defaults
            to True.
        sha256, revision, resample: as of
            `keras_nn.pretrained.hugging_face.load`.
        **arguments: of our constructor, that differ from what the
            configuration says, such as `classifier_activation=None`.

    Returns:
        `ResNet`, `VisionTransformer`, `ConvNeXt` or `SwinTransformer` of
        `keras_nn.models`. Its `preprocessing` says what pictures the weights
        expect, and an `ImageClassifier` on it does that.

    Raises:
        ValueError: if a tensor is missing, left over, or of another shape; on
            a damaged file or another checksum; on a network we do not have.
        FileNotFoundError: if there is no such folder and no connection.
    """
    folder = PublishedFolder(name, revision)
    cls, given = class_and_arguments(folder.config)
    model = cls(**{**given, "include_top": include_top, **arguments})
    assign(model, folder.tensors(sha256), resample)
    return model


def assign(model, tensors, resample=False):
    """Gives a model of ours the tensors of one of timm's.

    Args:
        model: `ResNet`, `VisionTransformer`, `ConvNeXt` or `SwinTransformer`.
        tensors: dict from str to array, timm's state dict.
        resample: bool. As of `load`.

    Returns:
        The number of variables assigned, which is all of the model.

    Raises:
        ValueError: naming every tensor that is missing, left over, or of
            another shape; then nothing has been assigned.
    """
    return assign_tensors(
        model,
        tensors_by_name(model),
        tensors,
        lambda name: is_unused(name, model.include_top, _TOPS),
        resample,
    )


def class_and_arguments(config):
    """Our class and its arguments, from timm's `config.json`.

    Args:
        config: dict with `architecture`, and, as timm writes them,
            `num_classes`, `pretrained_cfg` and `model_args`.

    Returns:
        `(class, dict)`.

    Raises:
        ValueError: if we have no such network.

    Example:

    >>> cls, arguments = class_and_arguments(
    ...     {"architecture": "resnet18", "num_classes": 7}
    ... )
    >>> cls.__name__, arguments["num_blocks"], arguments["classes"]
    ('ResNet', [2, 2, 2, 2], 7)
    """
    name = str(config.get("architecture")).split(".")[0]
    published = config.get("pretrained_cfg") or {}
    channels, height, width = published.get("input_size", (3, 224, 224))
    given = {
        "classes": config.get("num_classes", 1000),
        "preprocessing": preprocessing_of(
            {
                "image_mean": published.get("mean"),
                "image_std": published.get("std"),
            }
        ),
    }
    for pattern, cls, differing, names in _FAMILIES:
        match = re.fullmatch(pattern, name)
        if not match:
            continue
        preset = _preset(cls, match)
        if preset not in cls.presets:
            break
        given |= {**cls.presets[preset], **differing}
        if cls is models.SwinTransformer:
            given["window_size"] = int(match[2])
        for key, value in (config.get("model_args") or {}).items():
            if key == "img_size":
                height, width = (
                    value if isinstance(value, list) else [value] * 2
                )
            elif key in names:
                given[names[key]] = value
            else:
                raise ValueError(
                    f"`model_args` of {name} may have {sorted(names)}. "
                    f"Received: {key}={value!r}"
                )
        return cls, {**given, "input_shape": (height, width, channels)}
    raise ValueError(
        "`architecture` must be a ResNet, ViT, ConvNeXt or Swin of timm that "
        f"we have. Received: {name!r}"
    )


def _preset(cls, match):
    if cls is models.ResNet:
        return f"resnet{match[1]}"
    if cls is models.SwinTransformer:
        return f"{match[1]}_window7"  # of which only the window differs
    return match[1]
