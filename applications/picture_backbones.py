"""The networks for pictures that a setting can name."""

from keras_nn import models
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models.image_backbone import ImageBackbone

BACKBONES = {
    preset: cls
    for cls in vars(models).values()
    if isinstance(cls, type) and issubclass(cls, ImageBackbone)
    for preset in cls.presets
}


def picture_backbone(name, shape, pooling="avg"):
    """The features of a preset, without weights of another training.

    Args:
        name: str. One of `BACKBONES`, such as `"resnet18"`.
        shape: tuple `(height, width, channels)`, in pixels.
        pooling: None, `"avg"` or `"max"`. Defaults to `"avg"`.

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
    try:
        return BACKBONES[name].from_preset(
            name, input_shape=shape, include_top=False, pooling=pooling
        )
    except ValueError as error:
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}: {error}"
        ) from error
