"""The recipes of `SuperResolver`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def _edsr(size):
    def network(scale, channels):
        return models.EDSR.from_preset(
            f"edsr_{size}_x{scale}", input_shape=(None, None, channels)
        )

    return network


def _of(cls):
    def network(scale, channels):
        return cls((None, None, channels), scale=scale)

    return network


NETWORKS = {
    "edsr_small": _edsr("small"),
    "edsr_baseline": _edsr("baseline"),
    "espcn": _of(models.ESPCN),
    "srcnn": _of(models.SRCNN),
}

RECIPES = (
    *(
        Recipe(
            name=f"photographs-x{scale}",
            summary=f"Two photographs, {scale} times as large, small EDSR.",
            data=f"photographs-x{scale}",
            settings={
                "scale": scale,
                "learning_rate": 2e-3,
                "schedule": "cosine",
            },
            fit={"epochs": epochs, "batch_size": 16},
            expectation=Expectation("bicubic_gain", *reached),
        )
        for scale, epochs, reached in (
            (2, 20, (0.7, 1.0)),
            (3, 30, (0.5, 1.7)),
            (4, 30, ()),  # not measured
        )
    ),
    Recipe(
        name="pictures",
        summary="Your own folder of pictures, small EDSR.",
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 20, "batch_size": 16},
    ),
    Recipe(
        name="edsr-baseline",
        summary="Your own folder of pictures, the baseline of the EDSR paper.",
        settings={
            "network": "edsr_baseline",
            "side": 96,
            "patches": 16000,
            "learning_rate": 1e-4,
        },
        fit={"epochs": 300, "batch_size": 16},
        expectation=Expectation(
            "psnr",
            published=34.55,
            source="DIV2K validation, x2, RGB: "
            "https://arxiv.org/abs/1707.02921, table 2",
        ),
    ),
)
