"""The networks for pictures that a setting can name."""

from pathlib import Path

from keras_nn import models
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.pretrained import keras_applications

BACKBONES = {
    preset: cls
    for cls in vars(models).values()
    if isinstance(cls, type) and issubclass(cls, ImageBackbone)
    for preset in cls.presets
}


def picture_backbone(name, shape, pooling="avg", weights=None):
    """The features of a preset.

    Args:
        name: str. One of `BACKBONES`, such as `"resnet18"`.
        shape: tuple `(height, width, channels)`, in pixels.
        pooling: None, `"avg"` or `"max"`. Defaults to `"avg"`.
        weights: None, `"imagenet"` or the path of a weights file, as
            `keras_nn.pretrained.keras_applications.load` takes it; of a
            network that `keras.applications` has not, of a file that ours
            has saved. Defaults to None: drawn at random.

    Returns:
        A `keras.Model` from pictures to vectors, or to maps without pooling.

    Raises:
        UnknownChoice: if no network has this name.
        WrongRequest: if it cannot take pictures of this shape.

    Example:

    >>> picture_backbone("resnet20", (32, 32, 3)).output_shape
    (None, 64)
    """
    if name not in BACKBONES:
        raise UnknownChoice("backbone", name, BACKBONES)
    ends = {"input_shape": shape, "include_top": False, "pooling": pooling}
    published = name in keras_applications.PRESETS
    if weights is not None and not published and not Path(weights).is_file():
        raise WrongRequest(
            f"There are no published weights for {name!r}, but for "
            f"{', '.join(keras_applications.PRESETS)}; `weights` takes a file "
            f"that such a network of ours has saved. Received: {weights!r}"
        )
    try:
        if weights is not None and published:
            return keras_applications.load(name, weights, **ends)
        return BACKBONES[name].from_preset(name, weights=weights, **ends)
    except ValueError as error:
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}"
            f"{f' with weights={weights}' if weights else ''}: {error}"
        ) from error
