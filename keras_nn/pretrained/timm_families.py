"""Which of our networks each of timm's architectures is."""

import re

from keras_nn import models

_RESNET = {
    "conv_bias": False,
    "momentum": 0.9,
    "epsilon": 1e-5,
    "downsample": "middle",
}
_PLAIN = {"include_preprocessing": False}
_TORCH = {"epsilon": 1e-5, "padding": "symmetric"}  # what has no `tf_`
_MIXER = {"s": "small", "b": "base", "l": "large"}
# Patterns of timm's names of architectures; our class; our preset, from the
# match; what timm's networks have where our defaults differ; our names of
# arguments of theirs.
_FAMILIES = (
    (
        r"(?:se)?resne(?:x?)t\d+(?:_\d+x\d+d)?",
        models.ResNet,
        r"\g<0>",
        _RESNET,
        {"layers": "num_blocks"},
    ),
    (
        r"(vit_(?:tiny|small|base|large|huge)_patch\d+)_\d+",
        models.VisionTransformer,
        r"\1",
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
        r"\1",
        _PLAIN,
        {"depths": "depths", "dims": "widths"},
    ),
    (
        r"(swin_[a-z]+)_patch4_window(\d+)_\d+",
        models.SwinTransformer,
        r"\1_window7",  # of which only the window differs
        {},
        {
            "embed_dim": "hidden_dim",
            "depths": "depths",
            "num_heads": "num_heads",
            "window_size": "window_size",
            "patch_size": "patch_size",
        },
    ),
    (
        r"densenet(\d+)",
        models.DenseNet,
        r"\g<0>",
        {"epsilon": 1e-5},
        {"block_config": "num_layers", "growth_rate": "growth"},
    ),
    (r"vgg\d+(_bn)?", models.VGG, r"\g<0>", {"epsilon": 1e-5}, {}),
    (
        r"mixer_([sbl])(16|32)_224",
        models.MLPMixer,
        lambda match: f"mixer_{_MIXER[match[1]]}_patch{match[2]}",
        {},
        {},
    ),
    (
        r"tf_efficientnet_(b\d)",
        models.EfficientNet,
        r"efficientnet\1",
        _PLAIN,
        {},
    ),
    (
        r"efficientnet_(b\d)",
        models.EfficientNet,
        r"efficientnet\1",
        {**_PLAIN, **_TORCH},
        {},
    ),
    (
        r"tf_efficientnetv2_([a-z]\d?)",
        models.EfficientNet,
        r"efficientnetv2-\1",
        _PLAIN,
        {},
    ),
    (
        r"mobilenetv2_(\d+)",
        models.MobileNetV2,
        lambda match: _share("mobilenet_v2", match[1]),
        _TORCH,
        {},
    ),
    (
        r"tf_mobilenetv3_([a-z]+)_minimal_100",
        models.MobileNetV3,
        r"mobilenet_v3_\1_minimalistic",
        _PLAIN,
        {},
    ),
    (
        r"tf_mobilenetv3_([a-z]+)_(\d+)",
        models.MobileNetV3,
        lambda match: _share(f"mobilenet_v3_{match[1]}", match[2]),
        _PLAIN,
        {},
    ),
    (
        r"mobilenetv3_([a-z]+)_(\d+)",
        models.MobileNetV3,
        lambda match: _share(f"mobilenet_v3_{match[1]}", match[2]),
        {**_PLAIN, **_TORCH},
        {},
    ),
)


def family(name):
    """Our class for an architecture of timm, and its arguments.

    Args:
        name: str. timm's name, without what follows a point.

    Returns:
        `(class, arguments, names)`: arguments of ours, and our names of
        those of theirs that a configuration may set.

    Raises:
        ValueError: if we have no such network.

    Example:

    >>> cls, arguments, _ = family("mobilenetv2_050")
    >>> cls.__name__, arguments["alpha"], arguments["padding"]
    ('MobileNetV2', 0.5, 'symmetric')
    """
    for pattern, cls, preset, differing, names in _FAMILIES:
        match = re.fullmatch(pattern, name)
        if not match:
            continue
        preset = preset(match) if callable(preset) else match.expand(preset)
        if preset not in cls.presets or _is_for_small_pictures(cls, preset):
            break
        given = {**cls.presets[preset], **differing}
        if cls is models.SwinTransformer:
            given["window_size"] = int(match[2])
        return cls, given, names
    known = sorted({cls.__name__ for _, cls, _, _, _ in _FAMILIES})
    raise ValueError(
        "`architecture` must be one of timm's that we have, among "
        f"{', '.join(known)}. Received: {name!r}"
    )


def _share(name, percent):
    """The preset of a network with such a share of the plain one's filters."""
    return name if int(percent) == 100 else f"{name}_{int(percent)}"


def _is_for_small_pictures(cls, preset):
    """Whether a preset is of a network that timm does not mean."""
    return cls.presets[preset].get("stem") == "cifar"
