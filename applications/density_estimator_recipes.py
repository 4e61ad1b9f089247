"""The recipes of `DensityEstimator`, and the flows that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def flow(preset, **arguments):
    """A `Flow` for data: shape of a row, number of classes or None."""

    def build(shape, num_classes):
        return models.Flow.from_preset(
            preset, shape, num_classes=num_classes, **arguments
        )

    return build


RECIPES = (
    Recipe(
        name="two-moons",
        summary="Points of two half circles, a neural spline flow.",
        data="two-moons",
        network=flow("neural_spline", depth=5, units=(32, 32)),
        settings={"learning_rate": 4e-3, "schedule": "cosine"},
        fit={"epochs": 25, "batch_size": 128},
        expectation=Expectation("loss", 1.06, minutes=0.5),
    ),
    Recipe(
        name="iris",
        summary="Iris flowers, given their species, a small MAF.",
        data="iris",
        network=flow("maf", depth=2, units=(16,)),
        settings={
            "conditional": True,
            "learning_rate": 5e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 60, "batch_size": 32},
    ),
    Recipe(
        name="wine",
        summary="13 measurements of a wine, a small MAF.",
        data="wine",
        network=flow("maf", depth=2, units=(32,)),
        settings={"learning_rate": 5e-3, "schedule": "cosine"},
        fit={"epochs": 30, "batch_size": 32},
    ),
    Recipe(
        name="table",
        summary="A CSV file of your own, a MAF of five layers of 64.",
        network=flow("maf", depth=5, units=(64, 64)),
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 60, "batch_size": 128},
    ),
)
