"""The recipes of `StyleTransfer`, their styles and their features."""

import os

import keras
import numpy as np

from keras_nn import models
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.picture_preprocessing import preprocessing_for
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.photographs import NAMES
from keras_nn.data.photographs import photograph

SETTINGS = {
    "style": "flower",  # a carried photograph, or a file
    "style_size": 128,  # longer side in pixels
    "features": "random",  # or a VGG, with `weights`
    "weights": None,  # of the features: "imagenet" or a file
    "content_weight": 1.0,
    "style_weight": 0.3,
    "variation_weight": 0.3,
    "filters": 16,
    "num_blocks": 3,
    "residual": False,
}
FEATURES = ("random", "vgg16", "vgg19")
# The maps of Gatys et al.; the last is the content.
PUBLISHED_MAPS = (
    "block1_conv1",
    "block2_conv1",
    "block3_conv1",
    "block4_conv1",
    "block4_conv2",
)
RANDOM_MAPS = (
    "block1_conv1",
    "block1_conv2",
    "block2_conv1",
    "block2_conv2",
    "block3_conv1",
)


def style_features(name, weights=None):
    """The network whose maps say what content and style are.

    `"random"` is a small VGG as it was drawn: nothing was learnt, and nothing
    has to be downloaded. Its maps hold enough of colours and textures for the
    style (Ustyuzhaninov et al.), but do not know objects.

    Args:
        name: str. One of `FEATURES`.
        weights: str or None. `"imagenet"` or a weights file of
            `keras.applications`, for the others.

    Returns:
        A `keras.Model` from pictures of 0 to 255 to a list of maps.

    Raises:
        WrongRequest: if weights are missing, or given to `"random"`.

    Example:

    >>> [m.shape[-1] for m in style_features("random").output]
    [32, 32, 64, 64, 64]

    Reference:
        [Ustyuzhaninov et al., 2016](https://arxiv.org/abs/1606.00021)
    """
    pictures = keras.Input((None, None, 3), name="pictures")
    if (name == "random") != (weights is None):
        raise WrongRequest(
            "`features=random` takes no weights; a VGG without published "
            "weights is of no use: `--set weights=imagenet`, or a file. "
            f"Received: features={name}, weights={weights}"
        )
    if name == "random":
        backbone, maps = (
            models.VGG(
                False,
                input_shape=(None, None, 3),
                num_convs=(2, 2, 1),
                num_filters=(32, 64, 64),
                name="random_vgg",
            ),
            RANDOM_MAPS,
        )
        scaled = keras.layers.Rescaling(1 / 127.5, -1.0, name="rescale")
    else:
        backbone = picture_backbone(name, (None, None, 3), None, weights)
        maps, scaled = PUBLISHED_MAPS, preprocessing_for(backbone)
    found = backbone.features(list(maps))
    return keras.Model(pictures, found(scaled(pictures)), name="features")


def style_picture(name, size):
    """The style, at most so large: uint8 array `(height, width, 3)`.

    Args:
        name: str. `"china"` or `"flower"`, or the path of a picture.
        size: int. Longer side, in pixels.

    Raises:
        WrongRequest: if it is neither.
    """
    from PIL import Image

    from keras_nn.applications.picture_masks import read_picture

    if name in NAMES:
        picture = photograph(name)
    elif os.path.isfile(name):
        picture = read_picture(str(name), "rgb")
    else:
        raise WrongRequest(
            f"`style` must be one of {NAMES} or a picture file. "
            f"Received: {name!r}"
        )
    image = Image.fromarray(np.asarray(picture))
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    return np.asarray(image)


RECIPES = (
    Recipe(
        name="photographs",
        summary="Squares of two photographs in the style of one of them.",
        data="photographs",
        settings={
            "filters": 12,
            "residual": True,
            "style_weight": 0.5,
            "variation_weight": 1.0,
            "learning_rate": 3e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 4, "batch_size": 4},
        expectation=Expectation("loss", minutes=1.0),
    ),
    Recipe(
        name="pictures",
        summary="Your own folder of pictures, in a style of your own.",
        settings={"image_size": 128},
        fit={"epochs": 20, "batch_size": 4},
    ),
    Recipe(
        name="vgg16",
        summary="Your own folder, features of VGG-16 with published weights.",
        settings={
            "features": "vgg16",
            "weights": "imagenet",
            "style_size": 256,
            "image_size": 256,
            "filters": 32,
            "num_blocks": 5,
        },
        fit={"epochs": 2, "batch_size": 4},
        expectation=Expectation(
            "loss", source="https://arxiv.org/abs/1603.08155"
        ),
    ),
)
