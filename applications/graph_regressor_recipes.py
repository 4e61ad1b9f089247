"""The recipes of `GraphRegressor`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

# Recipes whose official files may lie under a path.
FILES = ("esol-mpnn",)


def mpnn(**arguments):
    """An `MPNN` for data: features of nodes and edges, number of targets."""
    return lambda *sizes: models.MPNN(*sizes, **arguments)


RECIPES = (
    Recipe(
        name="molecules-like",
        summary="Made-up molecules, MPNN of 16, Adam, 20 epochs.",
        data="molecules-like",
        network=mpnn(units=16, edge_units=8, steps=2, pooling_steps=2),
        settings={"learning_rate": 5e-3},
        fit={"epochs": 20, "batch_size": 32},
        expectation=Expectation("rmse", 0.2),
    ),
    Recipe(
        name="esol-mpnn",
        summary="ESOL solubility, random split, MPNN of 32, 100 epochs.",
        data="esol",
        # Sums, since what dissolves less is larger; validation says so, too.
        network=mpnn(units=32, edge_units=32, sum_nodes=True),
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 100, "batch_size": 32},
        expectation=Expectation(
            "rmse", published=0.58, source="Wu et al., 2018, random split"
        ),
    ),
    Recipe(
        name="molecules",
        summary="Molecules of your own (CSV), MPNN of 32, 100 epochs.",
        network=mpnn(units=32, edge_units=32, sum_nodes=True),
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 100, "batch_size": 32},
    ),
)
