"""The recipes of `FeatureLearner`, and their learners."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

# Recipes whose official files may lie under a path.
FILES = ("mnist-rbm",)


def rbm(hidden_units, **arguments):
    """An `RBM` for pictures of a shape."""

    def build(shape, steps):
        return models.RBM(shape, hidden_units, **arguments)

    return build


def dbn(*hidden_units, **arguments):
    """A `DBN`; each layer has the same share of the steps."""

    def build(shape, steps):
        rbms, shape = [], tuple(shape)
        for index, units in enumerate(hidden_units):
            rbms.append(
                models.RBM(shape, units, name=f"rbm_{index}", **arguments)
            )
            shape = (units,)
        return models.DBN(rbms, max(1, steps // len(rbms)))

    return build


RECIPES = (
    Recipe(
        name="digits-rbm",
        summary="Handwritten 8x8 digits, an RBM of 128 hidden units, CD-1.",
        data="digits",
        network=rbm(128),
        settings={"learning_rate": 3e-3},
        fit={"epochs": 60, "batch_size": 32},
        expectation=Expectation("probe_accuracy", 0.88, validated=False),
    ),
    Recipe(
        name="digits-dbn",
        summary="Handwritten 8x8 digits, RBMs of 128 and 64, one by one.",
        data="digits",
        network=dbn(128, 64),
        settings={"learning_rate": 3e-3},
        fit={"epochs": 100, "batch_size": 32},
    ),
    Recipe(
        name="mnist-rbm",
        summary="MNIST, an RBM of 500 hidden units, persistent chains.",
        data="mnist",
        network=rbm(500, method="pcd", chains=100),
        settings={"learning_rate": 1e-3},
        fit={"epochs": 20, "batch_size": 100},
    ),
    Recipe(
        name="pictures",
        summary="Your own pictures, an RBM of 256 hidden units.",
        network=rbm(256),
        fit={"epochs": 50, "batch_size": 64},
    ),
)
