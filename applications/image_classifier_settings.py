"""The settings of `ImageClassifier`'s recipes, and what they make."""

import math

import keras

from keras_nn.applications import optimization
from keras_nn.applications import transfer
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import MixPictures
from keras_nn.layers import RandAugment
from keras_nn.layers import RandomResizedCrop
from keras_nn.layers import TrivialAugment

AUGMENTATIONS = ("none", "flip", "crop_flip", "shift")
POLICIES = ("none", "rand_augment", "trivial_augment", "aug_mix")
MIXING = {"mixup": 0.0, "cutmix": 0.0}  # parameters of `MixPictures`

SETTINGS = {
    **optimization.SETTINGS,
    **transfer.SETTINGS,
    "backbone": "auto",  # what the recipe says
    "dropout": 0.0,
    "augmentation": "none",
    "policy": "none",
    "magnitude": 9.0,  # of "rand_augment", up to 30; "aug_mix" as a tenth
    "crop_scale": None,  # least share of a picture in a random resized crop
    "crop_pct": 1.0,  # share of a picture's sides that is measured, its middle
    "erasing": 0.0,  # share of pictures of which a rectangle is erased
    **MIXING,
    "label_smoothing": 0.0,
    "preprocess": "auto",
    "image_size": None,
    "on_error": "raise",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {
    **optimization.CHOICES,
    "backbone": ("auto", *BACKBONES),
    "augmentation": AUGMENTATIONS,
    "policy": POLICIES,
    "preprocess": ("auto", *MODES),
    "on_error": ("raise", "skip"),
}


def augmentation(name, shape, erasing=0.0):
    """The layers of this name for pictures of this shape, or None."""
    layers = []
    if name in ("crop_flip", "shift"):
        # Half a pixel more, so that the last whole shift is as frequent.
        most, layer = (4.49, "crop") if name == "crop_flip" else (2.49, name)
        layers.append(
            keras.layers.RandomTranslation(
                min(1.0, most / shape[0]),
                min(1.0, most / shape[1]),
                fill_mode="constant",
                interpolation="nearest",
                name=layer,
            )
        )
    if name in ("crop_flip", "flip"):
        layers.append(keras.layers.RandomFlip("horizontal", name="flip"))
    if erasing:
        # Behind preprocessing, where 0 is the mean, or black.
        layers.append(
            keras.layers.RandomErasing(
                (erasing, erasing), fill_value=0.0, name="erase"
            )
        )
    return keras.Sequential(layers, name="augmentation") if layers else None


def policy(settings):
    """The augmentation policy that the settings name, or None."""
    name = settings["policy"]
    if name == "rand_augment":
        return RandAugment(magnitude=settings["magnitude"], name="policy")
    if name == "aug_mix":
        severity = settings["magnitude"] / 30  # of 0..1
        return keras.layers.AugMix((0, 255), factor=severity, name="policy")
    return TrivialAugment(name="policy") if name != "none" else None


def crop(settings, shape):
    """The layer that cuts out what the network looks at, or None.

    Args:
        settings: dict with `crop_scale` and `crop_pct`.
        shape: tuple `(height, width, channels)`, of what it looks at.

    Raises:
        WrongRequest: if a share is not in (0, 1].
    """
    for name in ("crop_scale", "crop_pct"):
        if settings[name] is not None and not 0 < settings[name] <= 1:
            raise WrongRequest(
                f"`{name}` must be a share in (0, 1]. "
                f"Received: {settings[name]}"
            )
    if settings["crop_scale"] is not None:
        scale = (settings["crop_scale"], 1.0)
        return RandomResizedCrop(*shape[:2], scale=scale, name="crop")
    if settings["crop_pct"] < 1:
        return keras.layers.CenterCrop(*shape[:2], name="crop")
    return None


def crops(settings):
    """Whether the settings cut something out."""
    return settings["crop_scale"] is not None or settings["crop_pct"] < 1


def read_size(image_size, crop_pct):
    """The size at which files are read, of which `crop_pct` is looked at.

    As timm's: `floor(side / crop_pct)`.

    >>> read_size((224, 224), 0.875), read_size(None, 0.875)
    ((256, 256), None)
    """
    if image_size is None or not crop_pct:
        return image_size
    return tuple(math.floor(side / crop_pct) for side in image_size)


def cropped(shape, settings):
    """The shape of what the network looks at, of pictures of this shape.

    It undoes `read_size`.

    >>> cropped((248, 248, 3), {"crop_pct": 0.9})
    (224, 224, 3)
    """
    share = settings["crop_pct"]
    sides = (math.ceil(round(side * share, 6)) for side in shape[:2])
    return (*sides, *shape[2:])


def mixing(settings):
    """The layer that mixes pictures as the settings say, or None."""
    chosen = {name: settings[name] for name in MIXING}
    return (
        MixPictures(**chosen, name="mixing") if any(chosen.values()) else None
    )
