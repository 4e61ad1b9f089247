"""The recipes of `MultiLabelImageClassifier`."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def _small_vgg(shape):
    return models.VGG(
        False,
        input_shape=shape,
        pooling="max",  # it is enough to see a thing in one place
        num_convs=[1, 1, 1, 2],
        num_filters=[16, 32, 64, 128],
        batch_norm=True,
    )


def _picture_cnn(shape):
    return models.SimpleCNN(
        False, input_shape=shape, filters=(32, 64, 128, 128), units=128
    )


RECIPES = (
    Recipe(
        name="shapes",
        summary="Which of circle, square, triangle are there; a small VGG.",
        data="shapes-labels",
        network=_small_vgg,
        settings={
            "augmentation": "crop_flip",
            "learning_rate": 3e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 25, "batch_size": 32},
        expectation=Expectation("mean_average_precision", 0.92, 1.5),
    ),
    Recipe(
        name="pictures",
        summary="Your own table of pictures and labels, four convolutions.",
        network=_picture_cnn,
        settings={
            "image_size": 64,
            "augmentation": "flip",
            "dropout": 0.3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 32},
    ),
    Recipe(
        name="transfer",
        summary="Your own table of pictures and labels on published weights.",
        settings={
            "backbone": "mobilenet_v2",
            "weights": "imagenet",
            "image_size": 224,
            "crop_scale": 0.35,
            "crop_pct": 0.875,
            "augmentation": "flip",
            "frozen_epochs": 3,
            "dropout": 0.2,
            "schedule": "cosine",
            "loss": "asymmetric",
        },
        fit={"epochs": 10, "batch_size": 32},
    ),
)
