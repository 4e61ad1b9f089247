"""The recipes of `GraphClassifier`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

# Recipes whose official files may lie under a path.
FILES = ("mutag-gin",)


def gin(**arguments):
    """A `GIN` for data: features of nodes and edges, number of classes."""

    def network(features, edge_features, classes):
        return models.GIN(
            features, classes, edge_features=edge_features, **arguments
        )

    return network


RECIPES = (
    Recipe(
        name="cycles",
        summary="Trees or trees with a cycle, GIN-0 of 16, Adam, 5 epochs.",
        data="cycles-or-not",
        network=gin(units=16, depth=3, dropout=0.0),
        settings={"learning_rate": 1e-2},
        fit={"epochs": 5, "batch_size": 32},
        expectation=Expectation("accuracy", 0.95),
    ),
    Recipe(
        name="mutag-gin",
        summary="MUTAG, fold 1 of 10, GIN-0 of 4 rounds of 64, 100 epochs.",
        data="mutag",
        network=gin(),
        settings={"learning_rate": 1e-2, "schedule": "steps"},
        fit={"epochs": 100, "batch_size": 32},
        expectation=Expectation(
            "accuracy",
            published=0.894,
            source="Xu et al., 2019, table 1, mean of 10 folds",
        ),
    ),
    Recipe(
        name="graphs",
        summary="Graphs of your own, GIN-0 of 4 rounds of 64, 100 epochs.",
        network=gin(),
        settings={"learning_rate": 1e-2, "schedule": "steps"},
        fit={"epochs": 100, "batch_size": 32},
    ),
)
