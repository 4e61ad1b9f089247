"""The settings of `ImageClassifier`'s recipes, and what they make."""

import keras

from keras_nn.applications import optimization
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.picture_checkpoints import is_checkpoint
from keras_nn.applications.picture_checkpoints import published_features
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import MixPictures
from keras_nn.layers import RandAugment
from keras_nn.layers import TrivialAugment
from keras_nn.models import layer_decay_scales
from keras_nn.models import layer_groups
from keras_nn.optimizers import LayerwiseLearningRate

AUGMENTATIONS = ("none", "flip", "crop_flip", "shift")
POLICIES = ("none", "rand_augment", "trivial_augment")
MIXING = {"mixup": 0.0, "cutmix": 0.0}  # parameters of `MixPictures`

SETTINGS = {
    **optimization.SETTINGS,
    "layer_decay": 1.0,  # of the rate, from block to block of the backbone
    "backbone": "auto",  # what the recipe says
    "weights": None,  # of the backbone: "imagenet", a file, a folder, an id
    "frozen_epochs": 0,  # of the backbone, at the beginning
    "thawing_epochs": 0,  # in which it is set free, the last block first
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


def backbone(recipe, settings, shape):
    """The network that the settings name, for pictures of this shape."""
    name, weights = settings["backbone"], settings["weights"]
    if weights is not None and is_checkpoint(weights):
        if name != "auto":
            raise WrongRequest(
                "A checkpoint says by itself which network it is: set "
                f"`backbone=auto` beside it. Received: {name!r}, {weights!r}"
            )
        return published_features(weights, input_shape=shape)
    if name == "auto":
        if recipe.network is None or weights is not None:
            raise WrongRequest(
                "Say which network: `backbone` must be one of "
                f"{', '.join(BACKBONES)}, or `weights` a checkpoint. "
                f"Received: {name!r}, {weights!r}"
            )
        return recipe.network(shape)
    return picture_backbone(name, shape, weights=weights)


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


def optimizer(app, settings, steps):
    """The optimiser that the settings describe, for this classifier."""
    made = optimization.build_optimizer(settings, steps)
    decay = settings["layer_decay"]
    if decay == 1:
        return made
    scales = layer_decay_scales(app, decay, app.backbone)
    return LayerwiseLearningRate(made, scales)


def unfreezing(app, settings):
    """The callbacks that freeze the backbone and set it free: a list.

    With `thawing_epochs` its groups of layers follow one another from the
    output to the input, in about as many each epoch.
    """
    from keras_nn import callbacks

    frozen, thawing = settings["frozen_epochs"], settings["thawing_epochs"]
    if not frozen and not thawing:
        return []
    if not thawing:
        return [callbacks.Unfreeze(app.backbone, frozen)]
    groups = [
        part
        for group in reversed(layer_groups(app.backbone))
        if (part := [one for one in group if one.trainable_weights])
    ]
    found = []
    for index, group in enumerate(groups):
        epoch = frozen + index * thawing // len(groups)
        if epoch:
            found.append(callbacks.Unfreeze(group, epoch))
    return found
