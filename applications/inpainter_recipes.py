"""The recipes of `Inpainter`, and the models that they train."""

from keras_nn import models
from keras_nn import schedules
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest


def _diffusion(filters):
    def network(shape):
        halvings = 2 ** (len(filters) - 1)
        if any(side % halvings for side in shape[:2]):
            raise WrongRequest(
                f"Pictures must have sides divisible by {halvings}: choose an "
                f"`--set image_size=N`. Received: {shape[1]}x{shape[0]}"
            )
        return models.DiffusionModel(
            models.DenoisingUNet(shape, filters=list(filters)),
            schedules.CosineNoise(),
            min_snr=5.0,
            clip=1.0,
        )

    return network


RECIPES = (
    Recipe(
        name="digits",
        summary="Handwritten 8x8 digits, a diffusion model, RePaint.",
        data="digits",
        network=_diffusion((32, 64)),
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 25, "batch_size": 64},
        expectation=Expectation(
            "hole_psnr", 15.0, minutes=1.0, validated=False
        ),
    ),
    Recipe(
        name="pictures",
        summary="Your own folder of pictures, at 32x32, RePaint.",
        network=_diffusion((32, 64, 96)),
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 100, "batch_size": 32},
    ),
)
