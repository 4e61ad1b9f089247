"""What Hugging Face's picture models call the tensors of ours."""

import re

import keras
import numpy as np

from keras_nn import models
from keras_nn.pretrained.keras_applications_names import own_names
from keras_nn.pretrained.keras_applications_names import renamed

# What follows applies to all, after the rules of the model.
_COMMON = (
    ("/(kernel|gamma)$", "/weight"),
    ("/beta$", "/bias"),
    ("/moving_mean$", "/running_mean"),
    ("/moving_variance$", "/running_var"),
    ("/", "."),
)
_BLOCK = (
    ("/norm_before/", "/layernorm_before/"),
    ("/norm_after/", "/layernorm_after/"),
    ("/intermediate/", "/intermediate/dense/"),
    ("/outer/", "/output/dense/"),
    ("/projection/", "/output/dense/"),
    ("^predictions/", "classifier/"),
    ("^norm/", r"{prefix}layernorm/"),
)
_RULES = {
    models.VisionTransformer: (
        ("^(patch_embeddings|embeddings)/", r"{prefix}embeddings/\1/"),
        ("embeddings/embeddings/", "embeddings/"),
        (
            r"^layer_(\d+)/attention/(query|key|value)/",
            r"{prefix}encoder/layer/\1/attention/attention/\2/",
        ),
        (r"^layer_(\d+)/", r"{prefix}encoder/layer/\1/"),
        *_BLOCK[:4],
        ("/attention/projection/", "/attention/output/dense/"),
        *_BLOCK[5:],
    ),
    models.SwinTransformer: (
        ("^patch_embeddings/", "{prefix}embeddings/patch_embeddings/"),
        ("^embeddings_norm/", "{prefix}embeddings/norm/"),
        (
            "attention/(attention/)?(query|key|value|relative)",
            r"attention/self/\2",
        ),
        ("attention/attention/projection/", "attention/output/dense/"),
        (r"^stage_(\d+)_block_(\d+)/", r"{prefix}encoder/layers/\1/blocks/\2/"),
        (r"^stage_(\d+)_downsample/", r"{prefix}encoder/layers/\1/downsample/"),
        *_BLOCK[:4],
        *_BLOCK[5:],
    ),
    models.ConvNeXt: (
        ("^stem_conv/", "{prefix}embeddings/patch_embeddings/"),
        ("^stem_norm/", "{prefix}embeddings/layernorm/"),
        ("_scale/gamma$", "_layer_scale_parameter"),
        ("_depthwise/", "_dwconv/"),
        ("_norm/", "_layernorm/"),
        ("_expand/", "_pwconv1/"),
        ("_project/", "_pwconv2/"),
        ("_response/", "_grn/"),
        (
            r"^stage_(\d+)_block_(\d+)_",
            r"{prefix}encoder/stages/\1/layers/\2/",
        ),
        (
            r"^downsample_(\d+)_layernorm/",
            r"{prefix}encoder/stages/\1/downsampling_layer/0/",
        ),
        (
            r"^downsample_(\d+)_conv/",
            r"{prefix}encoder/stages/\1/downsampling_layer/1/",
        ),
        ("^predictions/", "classifier/"),
        ("^norm/", "{prefix}layernorm/"),
    ),
    models.MixTransformer: (
        (r"^embed_(\d+)_conv/", r"{prefix}encoder/patch_embeddings/\1/proj/"),
        (
            r"^embed_(\d+)_norm/",
            r"{prefix}encoder/patch_embeddings/\1/layer_norm/",
        ),
        (r"^stage_(\d+)_block_(\d+)/", r"{prefix}encoder/block/\1/\2/"),
        (r"^norm_(\d+)/", r"{prefix}encoder/layer_norm/\1/"),
        ("/norm_before/", "/layer_norm_1/"),
        ("/norm_after/", "/layer_norm_2/"),
        ("/attention/reduce/", "/attention/self/sr/"),
        ("/attention/reduce_norm/", "/attention/self/layer_norm/"),
        ("/attention/attention/projection/", "/attention/output/dense/"),
        ("/attention/attention/", "/attention/self/"),
        ("/intermediate/", "/mlp/dense1/"),
        ("/depthwise/", "/mlp/dwconv/dwconv/"),
        ("/outer/", "/mlp/dense2/"),
        ("^predictions/", "classifier/"),
    ),
    models.ResNet: (
        ("^conv1/", "{prefix}embedder/embedder/"),
        (r"^conv(\d+)_block(\d+)_0/", r"{prefix}@\1/layers/@\2/shortcut/"),
        (r"^conv(\d+)_block(\d+)_(\d)/", r"{prefix}@\1/layers/@\2/layer/@\3/"),
        ("/conv/", "/convolution/"),
        ("/norm/", "/normalization/"),
        ("^predictions/", "classifier/1/"),
    ),
}


def tensors(model, prefix):
    """The tensors of a model under the names of Hugging Face.

    Args:
        model: one of our picture models.
        prefix: str. What their names of the network begin with, such as
            `"vit."`, or an empty one.

    Returns:
        dict from str to `keras.Variable`; see `to_theirs` for the shapes.

    Raises:
        ValueError: if Hugging Face has none of these models.

    Example:

    >>> model = models.ConvNeXt(
    ...     input_shape=(32, 32, 3), depths=[1], widths=[8],
    ...     include_preprocessing=False,
    ... )
    >>> [name for name in tensors(model, "convnext.") if "dwconv" in name][0]
    'convnext.encoder.stages.0.layers.0.dwconv.weight'
    """
    if type(model) not in _RULES:
        raise ValueError(
            "Hugging Face's names are known for "
            f"{sorted(cls.__name__ for cls in _RULES)}. "
            f"Received: {type(model).__name__}"
        )
    path = prefix.replace(".", "/")
    rules = [(p, r.replace("{prefix}", path)) for p, r in _RULES[type(model)]]
    found = {}
    for name, weight in zip(own_names(model), model.weights, strict=True):
        name = renamed(name, rules)
        if isinstance(model, models.ResNet):
            name = _counted_from_zero(name, path)
        found[renamed(name, _COMMON)] = weight
    return found


def to_theirs(variable):
    """A variable's value in the shape in which torch holds it: array."""
    value = np.asarray(keras.ops.convert_to_numpy(variable))
    path = variable.path
    if "response" in path:
        return value.reshape(1, 1, 1, -1)
    if path.endswith("kernel") and value.ndim == 2:
        return np.ascontiguousarray(value.T)
    if path.endswith("kernel") and value.ndim == 4:
        axes = (2, 3, 0, 1) if "depthwise" in path else (3, 2, 0, 1)
        return np.ascontiguousarray(value.transpose(axes))
    return value


def to_ours(value, variable):
    """Torch's value in the shape of a variable, or None if it does not fit."""
    shape, path = tuple(variable.shape), variable.path
    if "response" in path and value.ndim == 4:
        value = value.reshape(-1)
    elif value.ndim == 4 and len(shape) == 2 and value.shape[2:] == (1, 1):
        value = value[:, :, 0, 0].T  # a dense layer as a 1x1 convolution
    elif path.endswith("kernel") and value.ndim == 2:
        value = value.T
    elif path.endswith("kernel") and value.ndim == 4:
        axes = (2, 3, 0, 1) if "depthwise" in path else (2, 3, 1, 0)
        value = value.transpose(axes)
    return value if value.shape == shape else None


def _counted_from_zero(name, path):
    """Their stages, blocks and layers begin with 0, ours with 2 and 1."""
    name = re.sub(
        f"^{path}@(\\d+)/",
        lambda match: f"{path}encoder/stages/{int(match[1]) - 2}/",
        name,
    )
    return re.sub(r"@(\d+)/", lambda match: f"{int(match[1]) - 1}/", name)
