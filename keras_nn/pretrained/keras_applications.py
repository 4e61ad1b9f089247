"""Residual networks of `keras.applications`, to ours and back.

Both hold the same tensors under the same names, ours inside of
`ConvBatchNorm` layers; a port moves each tensor to the one of its name.
"""

import keras

from keras_nn.layers import ConvBatchNorm
from keras_nn.models import ResNet

_CONSTRUCTORS = {
    "resnet50": "ResNet50",
    "resnet101": "ResNet101",
    "resnet152": "ResNet152",
    "resnet50v2": "ResNet50V2",
    "resnet101v2": "ResNet101V2",
    "resnet152v2": "ResNet152V2",
}


def load_resnet(preset, weights="imagenet", **arguments):
    """Builds our ResNet with the weights of `keras.applications`.

    Args:
        preset: str. `resnet50`, `resnet101` or `resnet152`, or one of them
            followed by `v2`.
        weights: `"imagenet"` (downloaded once by Keras, which checks its
            hash), the path of a weights file of `keras.applications`, or
            None. Defaults to `"imagenet"`.
        **arguments: `include_top`, `input_shape`, `pooling`, `classes`,
            `classifier_activation` and `name`, as `keras.applications` takes
            them.

    Returns:
        A `keras_nn.models.ResNet`, equal in every output.

    Raises:
        ValueError: on an unknown preset.

    Example:

    >>> model = load_resnet(
    ...     "resnet50", weights=None, input_shape=(32, 32, 3), classes=2
    ... )
    >>> model.output_shape
    (None, 2)
    """
    if preset not in _CONSTRUCTORS:
        raise ValueError(
            f"`preset` must be one of {sorted(_CONSTRUCTORS)}. "
            f"Received: {preset=}"
        )
    constructor = getattr(keras.applications, _CONSTRUCTORS[preset])
    source = constructor(weights=weights, **arguments)
    shape = {"input_shape": source.input_shape[1:]}
    target = ResNet.from_preset(preset, **{**arguments, **shape})
    copy_resnet_weights(source, target)
    return target


def copy_resnet_weights(source, target):
    """Copies every weight of one residual network to the other form of it.

    Args:
        source: a `keras_nn.models.ResNet`, or a ResNet of
            `keras.applications`.
        target: the other, or the same, form of the same network.

    Returns:
        The number of tensors copied, which is all of both models.

    Raises:
        ValueError: if a tensor of either model has no counterpart of the same
            name and shape in the other; then nothing has been copied.
    """
    given = _tensors_by_name(source)
    wanted = _tensors_by_name(target)
    missing = sorted(wanted.keys() - given.keys())
    left = sorted(given.keys() - wanted.keys())
    unequal = [
        f"{name}: {tuple(given[name].shape)} to {tuple(wanted[name].shape)}"
        for name in sorted(given.keys() & wanted.keys())
        if tuple(given[name].shape) != tuple(wanted[name].shape)
    ]
    if missing or left or unequal:
        raise ValueError(
            f"The weights of {source.name!r} do not fit {target.name!r}. "
            f"Received: missing in the source: {missing}; left in the source: "
            f"{left}; of another shape: {unequal}"
        )
    for name, variable in wanted.items():
        variable.assign(given[name])
    return len(wanted)


def _tensors_by_name(model):
    tensors = {}
    for layer in model.layers:
        if isinstance(layer, ConvBatchNorm):
            parts = {
                f"{layer.name}_conv": layer.conv,
                f"{layer.name}_bn": layer.norm,
            }
        else:
            parts = {layer.name: layer}
        for name, part in parts.items():
            for variable in part.weights:
                tensors[f"{name}/{variable.name}"] = variable
    if len(tensors) != len(model.weights):
        raise ValueError(
            "Every weight of the model must have a name of its own. "
            f"Received: {len(model.weights)} weights of {model.name!r} under "
            f"{len(tensors)} names"
        )
    return tensors
