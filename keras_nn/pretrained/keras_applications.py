"""Networks of `keras.applications`, to ours and back.

Both hold the same tensors; a port moves each one to its counterpart, by name.
"""

import keras
import numpy as np

from keras_nn import models
from keras_nn.pretrained.keras_applications_names import fitted
from keras_nn.pretrained.keras_applications_names import second_scale
from keras_nn.pretrained.keras_applications_names import tensors_by_name


def _constructors():
    """For each preset: our class, their constructor, its further arguments."""
    table = {}

    def add(cls, presets, arguments=None):
        for preset, constructor in presets.items():
            table[preset] = (cls, constructor, arguments or {})

    depths = [f"{depth}{v}" for depth in (50, 101, 152) for v in ("", "v2")]
    add(models.ResNet, {f"resnet{d}": f"ResNet{d.upper()}" for d in depths})
    add(models.VGG, {f"vgg{depth}": f"VGG{depth}" for depth in (16, 19)})
    sizes = (121, 169, 201)
    add(models.DenseNet, {f"densenet{d}": f"DenseNet{d}" for d in sizes})
    for preset in models.MobileNetV2.presets:
        given = models.MobileNetV2.presets[preset]
        add(models.MobileNetV2, {preset: "MobileNetV2"}, given)
    for preset, given in models.MobileNetV3.presets.items():
        further = {k: v for k, v in given.items() if k != "size"}
        constructor = f"MobileNetV3{given['size'].title()}"
        add(models.MobileNetV3, {preset: constructor}, further)
    for preset in models.EfficientNet.presets:
        size = preset.removeprefix("efficientnet").replace("-", "")
        constructor = f"EfficientNet{size.upper()}"
        add(models.EfficientNet, {preset: constructor})
    for size in ("Tiny", "Small", "Base", "Large", "XLarge"):
        preset = f"convnext_{size.lower()}"
        add(models.ConvNeXt, {preset: f"ConvNeXt{size}"})
    return table


# What its published weights were trained with; its other families preprocess
# inside the network.
_PREPROCESSING = {
    "caffe": ("vgg", "resnet50", "resnet101", "resnet152"),
    "tf": ("inception", "mobilenet_0", "mobilenet_1", "mobilenetv2")
    + ("mobilenet_v2", "nasnet", "xception"),
    "torch": ("densenet",),
}
_CONSTRUCTORS = _constructors()
PRESETS = tuple(_CONSTRUCTORS)


def load(preset, weights="imagenet", **arguments):
    """Builds our network with the weights of one of `keras.applications`.

    Args:
        preset: str. One of `PRESETS`: the residual networks `resnet50` to
            `resnet152v2`, `vgg16`, `vgg19`, `densenet121` to `201`, and every
            preset of `MobileNetV2`, `MobileNetV3`, `EfficientNet`, and of
            version 1 of `ConvNeXt`.
        weights: `"imagenet"` (downloaded once by Keras, which checks its
            hash), the path of a weights file of `keras.applications`, or
            None. Defaults to `"imagenet"`.
        **arguments: `include_top`, `input_shape`, `pooling`, `classes`,
            `classifier_activation` and `name`, as `keras.applications` takes
            them, and our own `output_stride`.

    Returns:
        A model of `keras_nn.models`, equal in every output. With weights its
        `preprocessing` says what pictures they expect.

    Raises:
        ValueError: on an unknown preset.
        FileNotFoundError: if the weights cannot be downloaded.

    Example:

    >>> model = load(
    ...     "mobilenet_v2_35", weights=None, input_shape=(32, 32, 3), classes=2
    ... )
    >>> model.output_shape
    (None, 2)
    """
    theirs = {k: v for k, v in arguments.items() if k != "output_stride"}
    cls, source = _source(preset, weights, theirs)
    given = {**arguments, "input_shape": source.input_shape[1:]}
    mode = None if weights is None else published_mode(preset)
    if mode is not None:
        given["preprocessing"] = {"mode": mode}
    target = cls.from_preset(preset, **given)
    copy_weights(source, target)
    return target


def keras_application(preset, weights=None, **arguments):
    """The network of `keras.applications` that a preset of ours equals.

    Args:
        preset: str. One of `PRESETS`.
        weights: as in `load`. Defaults to None.
        **arguments: as in `load`.

    Returns:
        A `keras.Model`.

    Example:

    >>> keras_application("vgg16", include_top=False).count_params()
    14714688
    """
    return _source(preset, weights, arguments)[1]


def published_mode(name):
    """What a network's published weights expect of pictures.

    Args:
        name: str, of a network of `keras.applications` or of a preset.

    Returns:
        A mode of `keras_nn.applications.PicturePreprocessing`, or None for a
        network that preprocesses by itself or is not known.

    Example:

    >>> published_mode("ResNet50"), published_mode("resnet50v2")
    ('caffe', 'tf')
    """
    name = name.lower()
    for mode, prefixes in _PREPROCESSING.items():
        if name.startswith(prefixes):
            return "tf" if mode == "caffe" and "v2" in name else mode
    return None


def copy_weights(source, target):
    """Copies every weight of one network to the other form of it.

    Args:
        source: a picture model of `keras_nn.models`, or of
            `keras.applications`.
        target: the other, or the same, form of the same network.

    Returns:
        The number of tensors copied, which is all of both models.

    Raises:
        ValueError: if a tensor of either model has no counterpart of the same
            name and shape in the other; then nothing has been copied.
    """
    given = tensors_by_name(source)
    wanted = tensors_by_name(target)
    missing = sorted(wanted.keys() - given.keys())
    left = sorted(given.keys() - wanted.keys())
    values, unequal = {}, []
    for name in sorted(given.keys() & wanted.keys()):
        value = _value(name, given[name], source, target)
        values[name] = fitted(value, wanted[name].shape)
        if values[name] is None:
            shapes = tuple(given[name].shape), tuple(wanted[name].shape)
            unequal.append(f"{name}: {shapes[0]} to {shapes[1]}")
    if missing or left or unequal:
        raise ValueError(
            f"The weights of {source.name!r} do not fit {target.name!r}. "
            f"Received: missing in the source: {missing}; left in the source: "
            f"{left}; of another shape: {unequal}"
        )
    for name, variable in wanted.items():
        variable.assign(values[name])
    for layer in target.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it computes with a copy of its weights
    return len(wanted)


def _value(name, variable, source, target):
    value = np.asarray(keras.ops.convert_to_numpy(variable))
    if name == "normalization/variance":
        factor = second_scale(target) / second_scale(source)
        value = value * np.square(factor)
    return value


def _source(preset, weights, arguments):
    if preset not in _CONSTRUCTORS:
        raise ValueError(
            f"`preset` must be one of {sorted(_CONSTRUCTORS)}. "
            f"Received: {preset=}"
        )
    cls, constructor, further = _CONSTRUCTORS[preset]
    build = getattr(keras.applications, constructor)
    try:
        return cls, build(weights=weights, **further, **arguments)
    except Exception as error:
        # Keras raises a bare one where it cannot download.
        if "URL fetch failure" not in str(error):
            raise
        raise FileNotFoundError(
            f"The weights of {preset} could not be downloaded. Without a "
            "connection, download the file elsewhere, and hand over its path "
            f"as `weights`. Received: {error}"
        ) from error
