"""Hugging Face's configurations of convolutional networks, and ours."""

from keras_nn import models


def require(config, **expected):
    """Raises ValueError unless a config says these values, or nothing."""
    for name, value in expected.items():
        if config.get(name, value) != value:
            raise ValueError(
                f"`{name}` of a {config['model_type']} must be {value!r} for "
                f"our network to equal it. Received: {config[name]!r}"
            )


def read_convnext(config):
    """Our class and its arguments."""
    require(config, patch_size=4)
    version_two = config["model_type"] == "convnextv2"
    scale = None if version_two else config.get("layer_scale_init_value", 1e-6)
    return models.ConvNeXt, {
        "depths": config.get("depths", [3, 3, 9, 3]),
        "widths": config.get("hidden_sizes", [96, 192, 384, 768]),
        "drop_path": config.get("drop_path_rate", 0.0),
        "layer_scale": scale or None,
        "response_norm": version_two,
        "include_preprocessing": False,
    }


def write_convnext(model):
    """What their config holds of one of ours: dict."""
    if model.include_preprocessing and model.input_shape[-1] == 3:
        raise ValueError(
            "Hugging Face's ConvNeXt does not preprocess pictures by itself; "
            "build ours with `include_preprocessing=False`. "
            f"Received: include_preprocessing={model.include_preprocessing}"
        )
    config = {
        "image_size": model.input_shape[1] or 224,
        "num_stages": len(model.depths),
        "depths": model.depths,
        "hidden_sizes": model.widths,
        "drop_path_rate": model.drop_path,
        "layer_norm_eps": 1e-6,
    }
    if not model.response_norm:
        config["layer_scale_init_value"] = model.layer_scale or 0.0
    return config


def read_resnet(config):
    """Our class and its arguments."""
    require(config, downsample_in_first_stage=False)
    bottleneck = config.get("layer_type", "bottleneck") == "bottleneck"
    sizes = config.get("hidden_sizes", [256, 512, 1024, 2048])
    first = config.get("downsample_in_bottleneck", False)
    return models.ResNet, {
        "num_blocks": config.get("depths", [3, 4, 6, 3]),
        "num_filters": [s // 4 for s in sizes] if bottleneck else sizes,
        "stem_filters": config.get("embedding_size", 64),
        "bottleneck": bottleneck,
        "conv_bias": False,
        "momentum": 0.9,
        "epsilon": 1e-5,
        "downsample": "first" if first else "middle",
    }


def write_resnet(model):
    """What their config holds of one of ours: dict."""
    plain = {
        "preactivation": False,
        "conv_bias": False,
        "stem": "imagenet",
        "shortcut": "projection",
        "groups": 1,
        "squeeze": 0.0,
        "epsilon": 1e-5,
        "output_stride": None,
    }
    received = {name: getattr(model, name) for name in plain}
    if received != plain:
        raise ValueError(
            f"Hugging Face's ResNet is {plain}. Received: {received}"
        )
    factor = 4 if model.bottleneck else 1
    return {
        "embedding_size": model.stem_filters,
        "depths": model.num_blocks,
        "hidden_sizes": [factor * filters for filters in model.num_filters],
        "layer_type": "bottleneck" if model.bottleneck else "basic",
        "downsample_in_bottleneck": model.downsample == "first",
        "downsample_in_first_stage": False,
    }
