"""The recipes of `ObjectDetector`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications import transfer
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import RandomBoxView

FLIPS = {
    "none": None,
    "horizontal": "horizontal",
    "vertical": "vertical",
    "both": "horizontal_and_vertical",
}
AUGMENTATION = {
    "zoom_out": 1.0,  # least zoom
    "zoom_in": 1.0,  # most zoom
    "stretch": 0.0,
    "flip": "none",
    "contrast": 0.0,
    "tint": 0.0,
}


def augmentation(settings):
    """The layer that the settings describe, or None."""
    if all(settings[name] == value for name, value in AUGMENTATION.items()):
        return None
    return RandomBoxView(
        (settings["zoom_out"], settings["zoom_in"]),
        stretch=settings["stretch"],
        flip=FLIPS[settings["flip"]],
        contrast=settings["contrast"],
        tint=settings["tint"],
        name="augmentation",
    )


def _backbone(shape, num_blocks, num_filters):
    return models.ResNet(
        False,
        input_shape=shape,
        num_blocks=num_blocks,
        num_filters=num_filters,
        bottleneck=False,
        conv_bias=False,
        stem_filters=num_filters[0] // 2,
        momentum=0.95,  # short trainings
    )


def _shapes(shape, num_classes):
    # 64x64 pictures, maps of 16x16 and 8x8.
    backbone = _backbone(shape, (1, 1), (32, 64))
    return models.FCOS(
        backbone,
        num_classes,
        strides=[4, 8],
        extra_levels=0,
        filters=32,
        depth=1,
        norm_groups=4,
        reach=3.0,
    )


def _centre_net_of_shapes(shape, num_classes):
    backbone = _backbone(shape, (1, 1), (32, 64))
    return models.CenterNet(
        backbone, num_classes, [4, 8], filters=32, depth=1, norm_groups=4
    )


def _retina_net_of_shapes(shape, num_classes):
    # Anchors of 12 to 38 pixels; what is drawn is as high as wide.
    backbone = _backbone(shape, (1, 1), (32, 64))
    return models.RetinaNet(
        backbone,
        num_classes,
        strides=[4, 8],
        extra_levels=0,
        filters=32,
        depth=1,
        norm="group",
        norm_groups=4,
        size=3.0,
        ratios=[1.0],
    )


def _detr_of_shapes(shape, num_classes):
    # 64x64 pictures, 64 tokens.
    backbone = _backbone(shape, (1, 1, 1), (32, 64, 128))
    return models.DETR(
        backbone,
        num_classes,
        stride=8,
        num_queries=16,
        hidden_dim=64,
        num_heads=4,
        encoder_layers=2,
        decoder_layers=3,
        feed_forward_dim=256,
        dropout=0.0,
        two_stage=True,
        temperature=20.0,
    )


def _fcos(shape, num_classes):
    backbone = _backbone(shape, (1, 1, 1), (32, 64, 128))
    return models.FCOS(
        backbone,
        num_classes,
        strides=[8, 16],
        extra_levels=0,
        filters=64,
        depth=2,
        norm_groups=8,
        reach=4.0,
    )


NETWORKS = {
    "fcos": models.FCOS,
    "retinanet": models.RetinaNet,
    "centernet": models.CenterNet,
    "detr": models.DETR,
}
_DETR_STRIDE = 16  # half of the published: pictures are smaller here
_TOWERS = {"filters": 96, "depth": 2, "norm": "group", "norm_groups": 8}
SIZES = {
    "fcos": _TOWERS,
    "retinanet": _TOWERS,
    "centernet": _TOWERS,
    "detr": {
        "hidden_dim": 128,
        "num_heads": 4,
        "encoder_layers": 3,
        "decoder_layers": 3,
        "feed_forward_dim": 512,
        "stride": _DETR_STRIDE,
        "two_stage": True,
        "temperature": 20.0,
    },
}


def network(recipe, settings, shape, num_classes):
    """The network that a recipe or the settings name.

    Raises:
        WrongRequest: if the backbone cannot take pictures of this shape, or
            the network that a recipe has of its own is to have another.
    """
    name = settings["network"]
    asked = (settings["backbone"], settings["weights"], settings["drop_path"])
    if name == "auto" and recipe.network is not None:
        if asked != ("auto", None, None):
            raise WrongRequest(
                "Say which network is on the backbone: `network` must be one "
                f"of {', '.join(NETWORKS)}. Received: {name!r} with "
                f"backbone, weights and drop_path {asked}"
            )
        return recipe.network(shape, num_classes)
    backbone = transfer.backbone(settings, shape, _resnet18, pooling=None)
    name = "fcos" if name == "auto" else name
    sizes = dict(SIZES[name])
    if name == "detr":  # each query is one of the cells of the map
        cells = [-(-side // _DETR_STRIDE) for side in shape[:2]]
        sizes["num_queries"] = min(100, cells[0] * cells[1])
    try:
        return NETWORKS[name](backbone, num_classes, **sizes)
    except ValueError as error:
        raise WrongRequest(
            f"{backbone.name} is no backbone of a detector for "
            f"pictures of shape {tuple(shape)}: {error}"
        ) from error


def _resnet18(shape):
    return picture_backbone("resnet18", shape, None)


CELLS = {
    "zoom_out": 0.8,
    "zoom_in": 1.4,
    "stretch": 0.3,
    "flip": "both",
    "contrast": 0.3,
    "tint": 0.1,
    "optimizer": "adamw",
    "learning_rate": 2e-3,
    "weight_decay": 0.01,
    "schedule": "cosine",
}
RECIPES = (
    Recipe(
        name="shapes",
        summary="Drawn circles, squares, triangles over noise, small FCOS.",
        data="shapes-boxes",
        network=_shapes,
        settings={
            "flip": "horizontal",
            "learning_rate": 4e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 16},
        expectation=Expectation("ap50", 0.95, 2.9),
    ),
    Recipe(
        name="shapes-centernet",
        summary="Drawn circles, squares, triangles on noise, small CenterNet.",
        data="shapes-boxes",
        network=_centre_net_of_shapes,
        settings={
            "flip": "horizontal",
            "learning_rate": 4e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 16},
        expectation=Expectation("ap50", 0.95, 2.2),
    ),
    Recipe(
        name="shapes-detr",
        summary="Drawn circles, squares, triangles over noise, small DETR.",
        data="shapes-boxes",
        network=_detr_of_shapes,
        settings={
            "flip": "horizontal",
            "zoom_out": 0.8,
            "zoom_in": 1.25,
            "learning_rate": 1e-3,
            "schedule": "cosine",
            "warmup": 0.05,
            "clip_norm": 1.0,
        },
        fit={"epochs": 40, "batch_size": 16},
        expectation=Expectation("ap50", 0.9, 2.8),
    ),
    Recipe(
        name="shapes-retinanet",
        summary="Drawn circles, squares, triangles on noise, small RetinaNet.",
        data="shapes-boxes",
        network=_retina_net_of_shapes,
        settings={
            "flip": "horizontal",
            "learning_rate": 4e-3,
            "schedule": "cosine",
            "warmup": 0.05,
        },
        fit={"epochs": 20, "batch_size": 16},
        expectation=Expectation("ap50", 0.95, 1.3),
    ),
    Recipe(
        name="bccd-fcos",
        summary="Blood cells at 256x192, FCOS from scratch, zooms and flips.",
        data="bccd",
        network=_fcos,
        settings=CELLS,
        fit={"epochs": 30, "batch_size": 8},
        expectation=Expectation("ap50", 0.8, 7.5),
    ),
    Recipe(
        name="boxes-transfer",
        summary="Your own pictures with boxes, FCOS on published weights.",
        settings={
            "network": "fcos",
            "backbone": "mobilenet_v2",
            "weights": "imagenet",
            "image_size": 256,
            "zoom_out": 0.7,
            "zoom_in": 1.5,
            "flip": "horizontal",
            "contrast": 0.2,
            "frozen_epochs": 3,
            "schedule": "cosine",
            "warmup": 0.05,
        },
        fit={"epochs": 30, "batch_size": 8},
    ),
    Recipe(
        name="boxes",
        summary="Your own pictures with boxes, FCOS on ResNet-18.",
        settings={
            "image_size": 256,
            "zoom_out": 0.7,
            "zoom_in": 1.5,
            "flip": "horizontal",
            "contrast": 0.2,
            "learning_rate": 1e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 50, "batch_size": 8},
    ),
)
