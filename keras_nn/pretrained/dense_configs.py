"""Hugging Face's configurations of DETR and SegFormer, and our arguments."""

import math

from keras_nn import models
from keras_nn.pretrained.convolutional_configs import read_resnet
from keras_nn.pretrained.convolutional_configs import require
from keras_nn.pretrained.convolutional_configs import write_resnet
from keras_nn.pretrained.hugging_face_configs import class_and_arguments
from keras_nn.pretrained.hugging_face_configs import config_of
from keras_nn.pretrained.hugging_face_configs import preprocessing_of


def dense_arguments(config, preprocessor, arguments):
    """Our class, its backbone and its arguments, from a `config.json`.

    Args:
        config: dict.
        preprocessor: dict, what `preprocessor_config.json` holds, or None.
        arguments: dict. What differs: `input_shape` of the backbone, the rest
            of the class.

    Returns:
        `(class, model, dict)`.

    Raises:
        ValueError: if our network cannot be this one.
    """
    kind = _Detr if config["model_type"] == "detr" else _SegFormer
    arguments = dict(arguments)
    size = _size((preprocessor or {}).get("size"), kind.size)
    shape = arguments.pop("input_shape", None)
    shape = shape or (*size, config.get("num_channels", 3))
    common = {"include_top": False, "input_shape": shape}
    if preprocessor is not None:
        common["preprocessing"] = preprocessing_of(preprocessor)
    if "dtype" in arguments:
        common["dtype"] = arguments["dtype"]
    backbone = kind.backbone(config, common)
    given = kind.arguments(config, backbone)
    return kind.cls, backbone, {**given, **arguments}


class _Detr:
    cls = models.DETR
    size = 800, 1066  # pictures of 3 to 4, 800 on the shorter side

    @staticmethod
    def backbone(config, common):
        require(config, dilation=False, position_embedding_type="sine")
        require(config, activation_function="relu")
        inner = config.get("backbone_config") or {}
        if inner.get("model_type") == "resnet":
            cls, arguments = read_resnet(inner)
            return cls(**{**arguments, **common})
        from keras_nn.pretrained import timm

        name = inner.get("backbone") or config.get("backbone") or "resnet50"
        cls, arguments = timm.class_and_arguments({"architecture": name})
        if cls is not models.ResNet:
            raise ValueError(
                "The backbone of a detr must be a ResNet for our network to "
                f"equal it. Received: backbone={name!r}"
            )
        return cls(**{**arguments, **common})

    @staticmethod
    def arguments(config, backbone):
        for name, default in (("attention_heads", 8), ("ffn_dim", 2048)):
            sides = [f"{side}_{name}" for side in ("encoder", "decoder")]
            found = [config.get(side, default) for side in sides]
            if found[0] != found[1]:
                raise ValueError(
                    f"{' and '.join(sides)} must be equal for our network to "
                    f"equal it. Received: {found}"
                )
        return {
            "num_classes": _count(config),
            "stride": max(backbone.strides),
            "num_queries": config.get("num_queries", 100),
            "hidden_dim": config.get("d_model", 256),
            "num_heads": config.get("encoder_attention_heads", 8),
            "encoder_layers": config.get("encoder_layers", 6),
            "decoder_layers": config.get("decoder_layers", 6),
            "feed_forward_dim": config.get("encoder_ffn_dim", 2048),
            "dropout": config.get("dropout", 0.1),
            "frozen_norm": True,
        }

    @staticmethod
    def config_of(model):
        if model.two_stage or model.temperature != 10_000:
            raise ValueError(
                "Hugging Face's DETR has learnt queries and a temperature of "
                f"10,000. Received: two_stage={model.two_stage}, "
                f"temperature={model.temperature}"
            )
        if not isinstance(model.backbone, models.ResNet):
            raise ValueError(
                "The backbone must be a `ResNet`. Received: "
                f"{type(model.backbone).__name__}"
            )
        stage = int(math.log2(model.stride or 32)) - 1
        return {
            "model_type": "detr",
            "architectures": ["DetrForObjectDetection"],
            "use_timm_backbone": False,
            "use_pretrained_backbone": False,
            "backbone_config": {
                "model_type": "resnet",
                "hidden_act": "relu",
                "num_channels": model.input_shape[-1],
                "out_features": [f"stage{stage}"],
                **write_resnet(model.backbone),
            },
            "activation_function": "relu",
            "position_embedding_type": "sine",
            "dilation": False,
            "num_channels": model.input_shape[-1],
            "num_queries": model.num_queries,
            "d_model": model.hidden_dim,
            "encoder_layers": model.encoder_layers,
            "decoder_layers": model.decoder_layers,
            "encoder_attention_heads": model.num_heads,
            "decoder_attention_heads": model.num_heads,
            "encoder_ffn_dim": model.feed_forward_dim,
            "decoder_ffn_dim": model.feed_forward_dim,
            "dropout": model.dropout,
            **_labels(model.num_classes),
        }


class _SegFormer:
    cls = models.SegFormer
    size = 512, 512

    @staticmethod
    def backbone(config, common):
        cls, arguments = class_and_arguments(config)
        del arguments["classes"]
        return cls(**{**arguments, **common})

    @staticmethod
    def arguments(config, backbone):
        return {
            "strides": backbone.strides,
            "classes": _count(config),
            "filters": config.get("decoder_hidden_size", 256),
            "dropout": config.get("classifier_dropout_prob", 0.1),
        }

    @staticmethod
    def config_of(model):
        backbone = model.backbone
        if not isinstance(backbone, models.MixTransformer) or (
            model.strides != backbone.strides
        ):
            raise ValueError(
                "Hugging Face's SegFormer takes all maps of a "
                "`MixTransformer`. Received: strides="
                f"{model.strides} of a {type(backbone).__name__}"
            )
        if not model.include_top:
            raise ValueError(
                "`model` must have its classifier. Received: include_top=False"
            )
        return {
            **config_of(backbone),
            "architectures": ["SegformerForSemanticSegmentation"],
            "decoder_hidden_size": model.filters,
            "classifier_dropout_prob": model.dropout,
            **_labels(model.classes),
        }


DENSE = {kind.cls: kind for kind in (_Detr, _SegFormer)}


def _count(config):
    return len(config.get("id2label") or range(config.get("num_labels", 2)))


def _labels(count):
    names = [f"LABEL_{index}" for index in range(count)]
    return {
        "id2label": {str(index): name for index, name in enumerate(names)},
        "label2id": {name: index for index, name in enumerate(names)},
    }


def _size(size, default):
    """Height and width of pictures, from a preprocessor's `size`."""
    if isinstance(size, int):
        return size, size
    if isinstance(size, dict) and {"height", "width"} <= size.keys():
        return size["height"], size["width"]
    return default
