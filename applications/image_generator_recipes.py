"""The recipes of `ImageGenerator`, and the models that they train."""

from keras_nn import models
from keras_nn import schedules
from keras_nn.applications.recipe import Recipe


def _small_diffusion(shape, num_classes):
    network = models.DenoisingUNet(
        shape, filters=[32, 64], num_classes=num_classes, embedding_units=64
    )
    return models.DiffusionModel(
        network,
        schedules.CosineNoise(),
        num_classes=num_classes,
        min_snr=5.0,
        clip=1.0,
    )


RECIPES = (
    Recipe(
        name="digits-diffusion",
        summary="Handwritten 8x8 digits, a U-Net of 32 and 64, cosine noise.",
        data="digits",
        network=_small_diffusion,
        settings={
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "guidance": 2.0,
        },
        fit={"epochs": 60, "batch_size": 64},
    ),
)
