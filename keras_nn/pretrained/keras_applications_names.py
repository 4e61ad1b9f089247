"""What `keras.applications` calls the tensors of our picture models."""

import re

import keras
import numpy as np

from keras_nn import models
from keras_nn.models.image_backbone import ImageBackbone

# For each of our models, what turns our name of a tensor into theirs:
# patterns and replacements, applied one after the other.
_RULES = {
    models.ResNet: (("/conv/", "_conv/"), ("/norm/", "_bn/")),
    models.DenseNet: (("/conv/", "_conv/"), ("/norm/", "_bn/")),
    models.VGG: (("/conv/", "/"),),
    models.MobileNetV2: (
        ("^stem/conv/", "Conv1/"),
        ("^stem/norm/", "bn_Conv1/"),
        ("^top/conv/", "Conv_1/"),
        ("^top/norm/", "Conv_1_bn/"),
        ("^block_0_", "expanded_conv_"),
        ("/conv/", "/"),
        ("/norm/", "_BN/"),
    ),
    models.MobileNetV3: (
        ("^stem/conv/", "conv/"),
        ("^stem/norm/", "conv_bn/"),
        ("^top/conv/", "conv_1/"),
        ("^top/norm/", "conv_1_bn/"),
        ("^hidden/", "conv_2/"),
        ("^predictions/", "logits/"),
        ("^block_0_", "expanded_conv_"),
        ("^block_", "expanded_conv_"),
        ("_se/reduce/", "_squeeze_excite_conv/"),
        ("_se/expand/", "_squeeze_excite_conv_1/"),
        ("/conv/", "/"),
        ("/norm/", "_bn/"),
    ),
    models.EfficientNet: (
        ("_depthwise/conv/", "_dwconv/"),
        ("_depthwise/norm/", "_bn/"),
        ("_se/", "_se_"),
        ("/conv/", "_conv/"),
        ("/norm/", "_bn/"),
    ),
    models.ConvNeXt: (
        ("^norm/", "head_layernorm/"),
        ("^predictions/", "head_dense/"),
        ("^downsample_1_(norm|conv)/", r"downsampling_\1_0/"),
        ("^downsample_2_(norm|conv)/", r"downsampling_\1_1/"),
        ("^downsample_3_(norm|conv)/", r"downsampling_\1_2/"),
        ("_norm(_|/)", r"_layernorm\1"),
        ("_depthwise/", "_depthwise_conv/"),
        ("_expand/", "_pointwise_conv_1/"),
        ("_project/", "_pointwise_conv_2/"),
        ("_scale/gamma", "_layer_scale/variable"),
    ),
}
# What Keras numbers, or version 2 of a network calls otherwise.
_THEIR_RULES = (
    (r"^normalization(_\d+)?/", "normalization/"),
    (r"^layer_normalization(_\d+)?/", "head_layernorm/"),
    ("_dwconv2/", "_dwconv/"),
    (r"_layer_scale/variable(_\d+)?$", "_layer_scale/variable"),
)


def tensors_by_name(model):
    """The variables of a model by the name that `keras.applications` uses.

    Args:
        model: one of our picture models, or one of `keras.applications`.

    Returns:
        dict from str to `keras.Variable`.

    Raises:
        ValueError: if two tensors have one name, or no name is known.

    >>> model = models.VGG.from_preset(
    ...     "vgg11", include_top=False, input_shape=(32, 32, 3)
    ... )
    >>> sorted(tensors_by_name(model))[:2]
    ['block1_conv1/bias', 'block1_conv1/kernel']
    """
    if isinstance(model, ImageBackbone):
        if type(model) not in _RULES:
            raise ValueError(
                "`keras.applications` has none of these networks. "
                f"Received: {type(model).__name__}"
            )
        rules = _RULES[type(model)]
        names = [renamed(name, rules) for name in own_names(model)]
    else:
        names = _their_names(model)
    tensors = dict(zip(names, model.weights, strict=True))
    if len(tensors) != len(model.weights):
        raise ValueError(
            "Every weight of the model must have a name of its own. "
            f"Received: {len(model.weights)} weights of {model.name!r} under "
            f"{len(tensors)} names"
        )
    return tensors


def own_names(model):
    """The path of each weight of a model, from its layer on: list of str."""
    known = {layer.name for layer in model.layers}
    return [own_name(weight.path, known) for weight in model.weights]


def own_name(path, known):
    """A weight's path from the layer on that is one of the known names."""
    parts = path.split("/")
    while parts[0] not in known:  # built inside of something named
        parts.pop(0)
    return "/".join(parts)


def _their_names(model):
    for weight in model.weights:
        name = "/".join(weight.path.split("/")[-2:])
        yield renamed(name.removeprefix(f"{model.name}_"), _THEIR_RULES)


def renamed(name, rules):
    """A name after all replacements, one after the other."""
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


def fitted(value, shape):
    """A tensor in the shape in which the other form holds it, or None.

    A 1x1 convolution is a dense layer, and a depthwise kernel is that of a
    convolution with one group a channel.

    >>> fitted(np.ones((1, 1, 4, 2)), (4, 2)).shape
    (4, 2)
    >>> fitted(np.ones((7, 7, 1, 4)), (7, 7, 4, 1)).shape
    (7, 7, 4, 1)
    """
    value, shape = np.asarray(value), tuple(shape)
    if value.shape == shape:
        return value
    if (1, 1, *value.shape) == shape or value.shape == (1, 1, *shape):
        return value.reshape(shape)
    if value.ndim == 4 and 1 in value.shape[2:]:
        turned = value.swapaxes(2, 3)
        return turned if turned.shape == shape else None
    return None


def second_scale(model):
    """The factor after the normalisation of an EfficientNet of Keras.

    ImageNet weights of version 1 hold the standard deviation where a variance
    belongs; Keras makes up for it with a second `Rescaling`, which divides by
    the root once more. Ours takes the true variance, without that layer.
    """
    layers = keras.layers.Normalization, keras.layers.Rescaling
    for first, second in zip(model.layers, model.layers[1:], strict=False):
        if isinstance(first, layers[0]) and isinstance(second, layers[1]):
            return np.asarray(second.scale, "float32")
    return 1.0
