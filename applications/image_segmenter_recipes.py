"""The recipes of `ImageSegmenter`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import RandomDeformation

AUGMENTATION = {
    "crop": 0,  # side of random crops in pixels; 0 for whole pictures
    "flip": False,  # left and right
    "turn": False,  # quarter turns and all flips
    "elastic": 0.0,  # pixels
    "contrast": 0.0,
}


def augmentation(settings):
    """The layer that the settings describe, or None."""
    if not any(settings[name] for name in AUGMENTATION):
        return None
    crop = settings["crop"]
    return RandomDeformation(
        (crop, crop) if crop else None,
        flip=settings["flip"] or settings["turn"],
        turn=settings["turn"],
        elastic=settings["elastic"],
        contrast=settings["contrast"],
        name="augmentation",
    )


def _unet(filters, cls=models.UNet):
    def network(shape):
        return cls(
            False,
            input_shape=shape,
            filters=filters,
            batch_norm=True,
            upsampling="bilinear",
        )

    return network


DECODERS = {
    "fpn": models.FPN,
    "pspnet": models.PSPNet,
    "deeplabv3plus": models.DeepLabV3Plus,
    "segformer": models.SegFormer,
}
NETWORKS = {
    "unet": _unet((16, 32, 64, 128, 256)),
    "unetplusplus": _unet((16, 32, 64, 128), models.UNetPlusPlus),
    **DECODERS,
}


def network(recipe, settings, shape):
    """The network that a recipe or the settings name, without its top.

    Raises:
        WrongRequest: if it cannot take pictures of this shape.
    """
    name = settings["network"]
    if name == "auto":
        return recipe.network(shape)
    try:
        if name in DECODERS:
            backbone = picture_backbone(settings["backbone"], shape, None)
            return DECODERS[name](backbone, include_top=False)
        return NETWORKS[name](shape)
    except ValueError as error:
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}: {error}"
        ) from error


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
        summary="Cells under the electron microscope, U-Net, bent crops.",
        data="isbi2012",
        network=_unet((16, 32, 64, 128)),
        settings={
            "crop": 192,
            "turn": True,
            "elastic": 8.0,
            "contrast": 0.2,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 100, "batch_size": 4},
        expectation=Expectation("foreground_iou", 0.9, 5.5),
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
)
