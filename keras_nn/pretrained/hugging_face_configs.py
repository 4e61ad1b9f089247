"""Hugging Face's configurations of picture models, and our arguments."""

from keras_nn import models
from keras_nn.models.image_head import IMAGENET_MEAN
from keras_nn.models.image_head import IMAGENET_STD
from keras_nn.pretrained.convolutional_configs import read_convnext
from keras_nn.pretrained.convolutional_configs import read_resnet
from keras_nn.pretrained.convolutional_configs import require
from keras_nn.pretrained.convolutional_configs import write_convnext
from keras_nn.pretrained.convolutional_configs import write_resnet

ARCHITECTURES = {
    "vit": "ViTForImageClassification",
    "swin": "SwinForImageClassification",
    "convnext": "ConvNextForImageClassification",
    "convnextv2": "ConvNextV2ForImageClassification",
    "resnet": "ResNetForImageClassification",
    "segformer": "SegformerForImageClassification",
}


def model_type(model):
    """What Hugging Face calls the kind of a model of ours: str."""
    if isinstance(model, models.ConvNeXt):
        return "convnextv2" if model.response_norm else "convnext"
    return {
        models.VisionTransformer: "vit",
        models.SwinTransformer: "swin",
        models.ResNet: "resnet",
        models.MixTransformer: "segformer",
    }[type(model)]


def class_and_arguments(config):
    """Our class and its arguments, from a `config.json`.

    Args:
        config: dict.

    Returns:
        `(class, dict)`.

    Raises:
        ValueError: if we have no such network.

    Example:

    >>> cls, arguments = class_and_arguments(
    ...     {"model_type": "resnet", "depths": [2, 2], "num_labels": 3,
    ...      "hidden_sizes": [64, 128], "layer_type": "basic"}
    ... )
    >>> cls.__name__, arguments["num_blocks"], arguments["classes"]
    ('ResNet', [2, 2], 3)
    """
    kind = config.get("model_type")
    if kind not in _READERS:
        raise ValueError(
            f"`model_type` of a config must be one of {sorted(_READERS)}. "
            f"Received: {kind!r}"
        )
    act = "relu" if kind == "resnet" else "gelu"
    require(config, hidden_act=act)
    cls, arguments = _READERS[kind](config)
    labels = config.get("id2label") or range(config.get("num_labels", 2))
    side = config.get("image_size", 224)
    height, width = side if isinstance(side, list | tuple) else (side, side)
    return cls, {
        "input_shape": (height, width, config.get("num_channels", 3)),
        "classes": len(labels),
        **arguments,
    }


def config_of(model):
    """The `config.json` with which Hugging Face builds a model of ours.

    Args:
        model: one of our picture models.

    Returns:
        dict.

    Raises:
        ValueError: if theirs has no such form.
    """
    kind = model_type(model)
    names = [f"LABEL_{index}" for index in range(model.classes)]
    return {
        "model_type": kind,
        "architectures": [ARCHITECTURES[kind]],
        "hidden_act": "relu" if kind == "resnet" else "gelu",
        "num_channels": model.input_shape[-1],
        "id2label": {str(index): name for index, name in enumerate(names)},
        "label2id": {name: index for index, name in enumerate(names)},
        **_WRITERS[kind](model),
    }


def preprocessing_of(config):
    """What pictures go through, from a `preprocessor_config.json`: dict.

    Args:
        config: dict.

    Returns:
        `{"mode": ...}` for `keras_nn.applications.PicturePreprocessing`.
    """
    mean, std = config.get("image_mean"), config.get("image_std")
    if not config.get("do_normalize", True):
        return {"mode": "rescale"}
    if mean is None or std is None:
        return None
    mean, std = [float(m) for m in mean], [float(s) for s in std]
    if mean == [*IMAGENET_MEAN] and std == [*IMAGENET_STD]:
        return {"mode": "torch"}
    return {"mode": "published", "published_mean": mean, "published_std": std}


def _read_vit(config):
    width = config.get("hidden_size", 768)
    return models.VisionTransformer, {
        "patch_size": config.get("patch_size", 16),
        "hidden_dim": width,
        "num_layers": config.get("num_hidden_layers", 12),
        "num_heads": config.get("num_attention_heads", 12),
        "mlp_ratio": config.get("intermediate_size", 3072) / width,
        "use_bias": config.get("qkv_bias", True),
        "epsilon": config.get("layer_norm_eps", 1e-12),
        "pooling": "cls",
    }


def _write_vit(model):
    if not model.class_token or model.num_registers or model.layer_scale:
        raise ValueError(
            "Hugging Face's ViT has a class token, no registers and no layer "
            f"scale. Received: class_token={model.class_token}, "
            f"num_registers={model.num_registers}, "
            f"layer_scale={model.layer_scale}"
        )
    return {
        "image_size": model.input_shape[1],
        "patch_size": model.patch_size,
        "hidden_size": model.hidden_dim,
        "num_hidden_layers": model.num_layers,
        "num_attention_heads": model.num_heads,
        "intermediate_size": int(model.hidden_dim * model.mlp_ratio),
        "qkv_bias": model.use_bias,
        "layer_norm_eps": model.epsilon,
    }


def _read_swin(config):
    require(config, use_absolute_embeddings=False)
    return models.SwinTransformer, {
        "patch_size": config.get("patch_size", 4),
        "hidden_dim": config.get("embed_dim", 96),
        "depths": config.get("depths", [2, 2, 6, 2]),
        "num_heads": config.get("num_heads", [3, 6, 12, 24]),
        "window_size": config.get("window_size", 7),
        "mlp_ratio": config.get("mlp_ratio", 4.0),
        "use_bias": config.get("qkv_bias", True),
        "drop_path": config.get("drop_path_rate", 0.1),
        "epsilon": config.get("layer_norm_eps", 1e-5),
    }


def _write_swin(model):
    return {
        "image_size": model.input_shape[1],
        "patch_size": model.patch_size,
        "embed_dim": model.hidden_dim,
        "depths": model.depths,
        "num_heads": model.num_heads,
        "window_size": model.window_size,
        "mlp_ratio": model.mlp_ratio,
        "qkv_bias": model.use_bias,
        "drop_path_rate": model.drop_path,
        "layer_norm_eps": model.epsilon,
    }


def _read_mit(config):
    ratios = {*config.get("mlp_ratios", [4])}
    if len(ratios) > 1:
        raise ValueError(
            "`mlp_ratios` of a segformer must be equal for our network to "
            f"equal it. Received: {config['mlp_ratios']}"
        )
    return models.MixTransformer, {
        "depths": config.get("depths", [2, 2, 2, 2]),
        "widths": config.get("hidden_sizes", [32, 64, 160, 256]),
        "num_heads": config.get("num_attention_heads", [1, 2, 5, 8]),
        "reductions": config.get("sr_ratios", [8, 4, 2, 1]),
        "patch_sizes": config.get("patch_sizes", [7, 3, 3, 3]),
        "patch_strides": config.get("strides", [4, 2, 2, 2]),
        "mlp_ratio": ratios.pop(),
        "drop_path": config.get("drop_path_rate", 0.1),
    }


def _write_mit(model):
    if model.epsilon != 1e-5:
        raise ValueError(
            "Hugging Face's MiT has an `epsilon` of 1e-5. "
            f"Received: epsilon={model.epsilon}"
        )
    return {
        "num_encoder_blocks": len(model.depths),
        "depths": model.depths,
        "hidden_sizes": model.widths,
        "num_attention_heads": model.num_heads,
        "sr_ratios": model.reductions,
        "patch_sizes": model.patch_sizes,
        "strides": model.patch_strides,
        "mlp_ratios": [model.mlp_ratio] * len(model.depths),
        "drop_path_rate": model.drop_path,
    }


_READERS = {
    "vit": _read_vit,
    "swin": _read_swin,
    "convnext": read_convnext,
    "convnextv2": read_convnext,
    "resnet": read_resnet,
    "segformer": _read_mit,
}
_WRITERS = {
    "vit": _write_vit,
    "swin": _write_swin,
    "convnext": write_convnext,
    "convnextv2": write_convnext,
    "resnet": write_resnet,
    "segformer": _write_mit,
}
