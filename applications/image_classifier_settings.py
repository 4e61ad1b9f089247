"""The settings of `ImageClassifier`'s recipes, and what they make."""

import keras

from keras_nn.applications import optimization
from keras_nn.applications import transfer
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.layers import MixPictures
from keras_nn.layers import RandAugment
from keras_nn.layers import TrivialAugment

AUGMENTATIONS = ("none", "flip", "crop_flip", "shift")
POLICIES = ("none", "rand_augment", "trivial_augment")
MIXING = {"mixup": 0.0, "cutmix": 0.0}  # parameters of `MixPictures`

SETTINGS = {
    **optimization.SETTINGS,
    **transfer.SETTINGS,
    "backbone": "auto",  # what the recipe says
    "dropout": 0.0,
    "augmentation": "none",
    "policy": "none",
    "magnitude": 9.0,  # of "rand_augment", up to 30
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
    return TrivialAugment(name="policy") if name != "none" else None


def mixing(settings):
    """The layer that mixes pictures as the settings say, or None."""
    chosen = {name: settings[name] for name in MIXING}
    return (
        MixPictures(**chosen, name="mixing") if any(chosen.values()) else None
    )
