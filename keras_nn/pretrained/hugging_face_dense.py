"""DETR and SegFormer of Hugging Face, to ours and back: see `hugging_face`.

Networks on a backbone: what the backbone's tensors are called is known from
the backbone alone, see `hugging_face_names`.
"""

import re

import numpy as np

from keras_nn import models
from keras_nn.pretrained import hugging_face_names as of_backbones
from keras_nn.pretrained.assign_tensors import assign_tensors
from keras_nn.pretrained.dense_configs import DENSE
from keras_nn.pretrained.dense_configs import dense_arguments
from keras_nn.pretrained.headed_place import HeadedPlace
from keras_nn.pretrained.keras_applications_names import own_name
from keras_nn.pretrained.keras_applications_names import renamed

_HEADED = re.compile("/(query|key|value|attention_output)/")
_COMMON = (
    ("/(kernel|gamma)$", "/weight"),
    ("/beta$", "/bias"),
    ("/moving_mean$", "/running_mean"),
    ("/moving_variance$", "/running_var"),
    ("/", "."),
)
# Of each model: what the names of its backbone begin with, and the rules of
# what is its own.
_RULES = {
    models.DETR: (
        "model.backbone.conv_encoder.model.",
        (
            ("^projection/", "model/input_projection/"),
            ("^queries/embeddings$", "model/query_position_embeddings/weight"),
            ("^decoder_norm/", "model/decoder/layernorm/"),
            (r"^(encoder|decoder)_(\d+)/", r"model/\1/layers/\2/"),
            ("/attention/", "/self_attn/"),
            ("/cross/", "/encoder_attn/"),
            ("/query/", "/q_proj/"),
            ("/key/", "/k_proj/"),
            ("/value/", "/v_proj/"),
            ("/attention_output/", "/out_proj/"),
            ("/hidden/", "/fc1/"),
            ("/output/", "/fc2/"),
            ("/norm_0/", "/self_attn_layer_norm/"),
            (r"/encoder/layers/(\d+)/norm_1/", r"/encoder/layers/\1/norm_2/"),
            ("/norm_1/", "/encoder_attn_layer_norm/"),
            ("/norm_2/", "/final_layer_norm/"),
            (r"^box_(\d)/", r"bbox_predictor/layers/\1/"),
            ("^classes/", "class_labels_classifier/"),
        ),
    ),
    models.SegFormer: (
        "segformer.",
        (
            (r"^dense_(\d+)/", r"decode_head/linear_c/\1/proj/"),
            ("^map/conv/", "decode_head/linear_fuse/"),
            ("^map/norm/", "decode_head/batch_norm/"),
            ("^scores/", "decode_head/classifier/"),
        ),
    ),
}


def reads(config):
    """Whether a `config.json` is that of a detector or segmenter we have."""
    kind = config.get("model_type")
    named = str((config.get("architectures") or [""])[0])
    # The encoder of SegFormer alone is a picture model, MiT.
    return kind == "detr" or kind == "segformer" and "Segmentation" in named


def build(config, preprocessor, include_top, arguments):
    """Our network of a `config.json`, without its weights.

    Args:
        config: dict.
        preprocessor: dict, what `preprocessor_config.json` holds, or None.
        include_top: bool. Whether a segmenter ends in class scores.
        arguments: dict. Of our constructor, that differ; `input_shape` of its
            backbone.

    Raises:
        ValueError: if our network cannot be this one.
    """
    cls, backbone, given = dense_arguments(config, preprocessor, arguments)
    if cls is models.SegFormer:
        given["include_top"] = include_top
    elif not include_top:
        raise ValueError(
            "A detr has no form without its heads. Received: include_top=False"
        )
    return cls(backbone, **given)


def is_ours(model):
    """Whether this is a detector or segmenter that theirs has a form of."""
    return type(model) in _RULES


def assign(model, tensors):
    """Gives a model of ours the tensors of theirs; see `hugging_face`."""
    wanted = places(model, any(".model.conv1." in name for name in tensors))
    without = not getattr(model, "include_top", True)

    def is_unused(name):
        top = without and name.startswith("decode_head.classifier.")
        return top or name.endswith("num_batches_tracked")

    return assign_tensors(model, wanted, tensors, is_unused)


def tensors(model):
    """Tensors by the names of theirs: dict from str to array."""
    found = {
        name: place.pack()
        if isinstance(place, HeadedPlace)
        else of_backbones.to_theirs(place[0])
        for name, place in places(model).items()
    }
    if isinstance(model, models.SegFormer):
        count = "decode_head.batch_norm.num_batches_tracked"
        found[count] = np.zeros((), "int64")
    return found


def config_and_tensors(model):
    """What `hugging_face.save` writes of one of ours: two dicts."""
    return DENSE[type(model)].config_of(model), tensors(model)


def places(model, of_timm=False):
    """Where the tensors of theirs lie in a model of ours.

    Args:
        model: `DETR` or `SegFormer`.
        of_timm: bool. Whether the tensors of its ResNet have timm's names, as
            in what was published first.

    Returns:
        dict from str to a list of one `keras.Variable`, or a `HeadedPlace`.
    """
    prefix, rules = _RULES[type(model)]
    backbone = {id(weight) for weight in model.backbone.weights}
    used = {id(weight) for weight in model.weights}
    known = {layer.name for layer in model.layers}
    found = {}
    for name, variable in _of_backbone(model.backbone, prefix, of_timm).items():
        if id(variable) in used:
            found[name] = [variable]
    for variable in model.weights:
        if id(variable) in backbone:
            continue
        path = own_name(variable.path, known)
        headed = _HEADED.search(path)
        name = renamed(renamed(path, rules), _COMMON)
        found[name] = HeadedPlace(variable) if headed else [variable]
    return found


def _of_backbone(backbone, prefix, of_timm):
    if not of_timm:
        return of_backbones.tensors(backbone, prefix)
    from keras_nn.pretrained import timm_names

    return {
        f"{prefix}{name}": variable
        for name, (variable,) in timm_names.tensors(backbone).items()
    }
