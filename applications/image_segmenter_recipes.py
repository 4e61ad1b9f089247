"""The recipes of `ImageSegmenter`, and the networks that they train."""

import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import models
from keras_nn.applications import transfer
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import RandomDeformation
from keras_nn.layers.segmentation.random_deformation import INTERPOLATIONS

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
LOSSES = ("crossentropy_dice", "tversky", "focal_tversky", "lovasz")


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
    common = {"ignore_class": ignored, "class_weights": weights}
    if settings["loss"] == "tversky":
        return losses.TverskyLoss(**common)
    if settings["loss"] == "focal_tversky":
        return losses.FocalTverskyLoss(**common)
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


def _unet(filters, cls=models.UNet, **options):
    def network(shape):
        return cls(
            False,
            input_shape=shape,
            filters=filters,
            batch_norm=True,
            upsampling="bilinear",
            **options,
        )

    return network


DECODERS = {
    "unet": models.BackboneUNet,
    "unetplusplus": models.BackboneUNetPlusPlus,
    "fpn": models.FPN,
    "pspnet": models.PSPNet,
    "deeplabv3plus": models.DeepLabV3Plus,
    "segformer": models.SegFormer,
}
NETWORKS = {
    **DECODERS,
    # Without a backbone.
    "unet": _unet((16, 32, 64, 128, 256)),
    "unetplusplus": _unet((16, 32, 64, 128), models.UNetPlusPlus),
}


def network(recipe, settings, shape):
    """The network that a recipe or the settings name, without its top.

    With the `weights` of a run of a segmenter and no name it is the run's
    whole network.

    Raises:
        WrongRequest: if it cannot take pictures of this shape, or the weights
            are of no part of it.
    """
    name, weights = settings["network"], settings["weights"]
    if name == "auto":
        if settings["backbone"] != "auto" or settings["drop_path"] is not None:
            raise WrongRequest(
                "Say which network is on the backbone: `network` must be one "
                f"of {', '.join(DECODERS)}. Received: {name!r} with "
                f"backbone={settings['backbone']!r}, "
                f"drop_path={settings['drop_path']!r}"
            )
        if weights is None:
            return recipe.network(shape)
        return _network_of_run(weights, shape)
    chosen = {settings["backbone"], weights, settings["drop_path"]}
    try:
        if NETWORKS[name] is not DECODERS[name] and chosen == {"auto", None}:
            return NETWORKS[name](shape)
        backbone = transfer.backbone(settings, shape, _resnet18, pooling=None)
        return DECODERS[name](backbone, include_top=False)
    except ValueError as error:
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}: {error}"
        ) from error


def _network_of_run(weights, shape):
    if not transfer.is_run(weights):
        raise WrongRequest(
            "Say which network the weights are of: `network` must be one of "
            f"{', '.join(DECODERS)}. Received: 'auto', weights={weights!r}"
        )
    found = transfer.saved_network(weights)
    if len(found.output_shape) != 4:
        raise WrongRequest(
            "Say which network is on the run's backbone: `network` must be "
            f"one of {', '.join(DECODERS)}. Received: 'auto', {weights!r}"
        )
    if found.input_shape[1:] != tuple(shape):
        found = transfer.rebuilt(found, input_shape=tuple(shape))
    return found


def _resnet18(shape):
    return picture_backbone("resnet18", shape, None)


RECIPES = (
    Recipe(
        name="shapes",
        summary="Drawn circles, squares, triangles over noise, small U-Net.",
        data="shapes",
        network=_unet((12, 24, 48, 96)),
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
        network=_unet((32, 64, 128, 256), stem_stride=2),
        settings={
            # Bending interpolates, and so shows smoother pictures than those
            # that are measured: it costs 0.006 of the foreground's IoU.
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
        fit={"epochs": 25, "batch_size": 4},
        expectation=Expectation("foreground_iou", 0.905),
    ),
    Recipe(
        name="masks",
        summary="Your own folders `images` and `masks`, U-Net, flips.",
        network=_unet((16, 32, 64, 128)),
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
        network=_unet((16, 32, 64, 128), dropout=0.2),
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
