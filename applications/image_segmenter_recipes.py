"""The recipes of `ImageSegmenter`, and what their settings mean."""

import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn.applications.image_segmenter_networks import NETWORKS
from keras_nn.applications.image_segmenter_networks import plain_unet
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import RandomDeformation
from keras_nn.layers.segmentation.random_deformation import INTERPOLATIONS
from keras_nn.ops.picture_symmetries import VIEWS

AUGMENTATION = {
    "crop": 0,  # side of random crops in pixels; 0 for whole pictures
    "flip": False,  # left and right
    "turn": False,  # quarter turns and all flips
    "elastic": 0.0,  # pixels
    "interpolation": "bilinear",  # of what is bent, or "nearest"
    "contrast": 0.0,
    "foreground": 0.0,  # share of crops about a pixel that is not class 0
}
AUGMENTATION_CHOICES = {"interpolation": INTERPOLATIONS}
SETTINGS = {
    **AUGMENTATION,
    "network": "auto",  # what the recipe says
    "backbone": "auto",  # of `network`: none of a U-Net, or ResNet-18
    "output_stride": "auto",  # of the backbone: as published, 16, 8 or None
    "loss": "crossentropy_dice",
    "class_weights": None,  # "balanced", or one a class
    "dice_weight": 1.0,
    "preprocess": "auto",
    "tile": None,
    "views": 1,
    "samples": 0,
    "repeats": 1,  # of every picture in a pass, for random crops
    "image_size": None,
    "on_error": "raise",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
LOSSES = (
    "crossentropy_dice",
    "tversky",
    "focal_tversky",
    "jaccard",
    "matthews",
    "lovasz",
)
CHOICES = {
    **AUGMENTATION_CHOICES,
    "network": ("auto", *NETWORKS),
    "backbone": ("auto", *BACKBONES),
    "loss": LOSSES,
    "preprocess": ("auto", *MODES),
    "views": VIEWS,
    "on_error": ("raise", "skip"),
}
_REGION_LOSSES = {
    "tversky": losses.TverskyLoss,
    "focal_tversky": losses.FocalTverskyLoss,
    "jaccard": losses.JaccardLoss,
    "matthews": losses.MatthewsLoss,
}


def augmentation(settings):
    """The layer that the settings describe, or None."""
    if not any(
        settings[name] for name in {*AUGMENTATION} - {*AUGMENTATION_CHOICES}
    ):
        return None
    crop = settings["crop"]
    return RandomDeformation(
        (crop, crop) if crop else None,
        flip=settings["flip"] or settings["turn"],
        turn=settings["turn"],
        elastic=settings["elastic"],
        interpolation=settings["interpolation"],
        contrast=settings["contrast"],
        foreground=settings["foreground"],
        name="augmentation",
    )


def class_weights(settings, splits, ignored):
    """What the setting says; `"balanced"` makes all classes weigh the same.

    `weight_c = n / (k n_c)` for the `k` classes that occur among the `n`
    pixels of the training masks.

    Args:
        settings: dict.
        splits: `data.Splits`.
        ignored: int. The class that does not count.

    Returns:
        A list of float, or None.
    """
    weights = settings["class_weights"]
    if weights != "balanced":
        _check_weights(weights, splits.num_classes)
        return weights
    masks = np.asarray(splits.train.y).ravel()
    masks = masks[masks != ignored].astype("int64")
    found = data.class_weights(masks, splits.num_classes)
    return [found[index] for index in range(splits.num_classes)]


def loss(settings, weights, ignored):
    """The loss that the setting names; `"auto"` for the application's own.

    Args:
        settings: dict.
        weights: list of float or None, one a class.
        ignored: int. The class that does not count.
    """
    region = _REGION_LOSSES.get(settings["loss"])
    if region is not None:
        return region(ignore_class=ignored, class_weights=weights)
    if settings["loss"] == "lovasz":
        return losses.LovaszSoftmax(ignore_class=ignored)
    return "auto"


def _check_weights(weights, num_classes):
    if weights is None:
        return
    if not isinstance(weights, (list, tuple)) or len(weights) != num_classes:
        raise WrongRequest(
            "Setting `class_weights` takes 'balanced' or a list of "
            f"{num_classes} numbers, one a class. Received: {weights!r}"
        )


RECIPES = (
    Recipe(
        name="shapes",
        summary="Drawn circles, squares, triangles over noise, small U-Net.",
        data="shapes",
        network=plain_unet((12, 24, 48, 96)),
        settings={"flip": True, "learning_rate": 5e-3, "schedule": "cosine"},
        fit={"epochs": 20, "batch_size": 16},
        expectation=Expectation("mean_iou", 0.92, 2.1),
    ),
    Recipe(
        name="isbi2012-unet",
        summary="Cells under the electron microscope, U-Net, turned crops.",
        data="isbi2012",
        # Membranes are 5 to 10 pixels wide: half as many pixels a side show
        # them, and leave time for twice the filters.
        network=plain_unet((32, 64, 128, 256), stem_stride=2),
        settings={
            # Bilinear bending shows smoother pictures than those that are
            # measured, which costs 0.006 of the foreground's IoU.
            "elastic": 4.0,
            "interpolation": "nearest",
            "crop": 192,
            "turn": True,
            "contrast": 0.2,
            "dice_weight": 0.0,
            "views": 8,
            "repeats": 30,
            "validation_fraction": 0.04,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 48, "batch_size": 4},
        expectation=Expectation("foreground_iou", 0.908),
    ),
    Recipe(
        name="masks",
        summary="Your own folders `images` and `masks`, U-Net, flips.",
        network=plain_unet((16, 32, 64, 128)),
        settings={
            "image_size": 128,
            "flip": True,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 30, "batch_size": 8},
    ),
    Recipe(
        name="masks-transfer",
        summary="Your own `images` and `masks`, U-Net on published weights.",
        settings={
            "network": "unet",
            "backbone": "mobilenet_v2",
            "weights": "imagenet",
            "image_size": 224,
            "flip": True,
            "frozen_epochs": 3,
            "schedule": "cosine",
            "warmup": 0.05,
        },
        fit={"epochs": 20, "batch_size": 8},
    ),
    Recipe(
        name="medical",
        summary="Your own `images` and `masks`, rare findings: patches, U-Net.",
        network=plain_unet((16, 32, 64, 128), dropout=0.2),
        settings={
            "image_size": 256,
            "crop": 128,
            "foreground": 0.5,
            "turn": True,
            "elastic": 4.0,
            "contrast": 0.2,
            "class_weights": "balanced",
            "loss": "focal_tversky",
            "tile": 256,
            "views": 8,
            "samples": 16,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 60, "batch_size": 8},
    ),
)
