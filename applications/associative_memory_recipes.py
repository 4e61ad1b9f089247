"""The recipes of `AssociativeMemory`, and their memories."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def hopfield(rule):
    """A `HopfieldNetwork` for pictures of a shape."""

    def build(shape, count, noise):
        return models.HopfieldNetwork(shape, rule, noise=noise)

    return build


def dense(beta):
    """A `DenseMemory` with room for all pictures."""

    def build(shape, count, noise):
        return models.DenseMemory(shape, count, beta, noise=noise)

    return build


RECIPES = (
    Recipe(
        name="digits-hopfield",
        summary="Ten digits in a Hopfield network, pseudo-inverse rule.",
        data="digit-patterns",
        network=hopfield("pseudo_inverse"),
        fit={"epochs": 1, "batch_size": 32},
        expectation=Expectation("recalled", 0.9, validated=False),
    ),
    Recipe(
        name="digits-hebb",
        summary="Ten digits by Hebb's rule: alike as they are, too many.",
        data="digit-patterns",
        network=hopfield("hebb"),
        fit={"epochs": 1, "batch_size": 32},
        expectation=Expectation("loss", 0.18),
    ),
    Recipe(
        name="digits-dense",
        summary="Ten digits in a modern Hopfield network, in greys.",
        data="digit-patterns",
        network=dense(200.0),
        fit={"epochs": 1, "batch_size": 32},
        expectation=Expectation("recalled", 1.0, validated=False),
    ),
    Recipe(
        name="pictures",
        summary="Your own pictures in a modern Hopfield network.",
        network=dense(200.0),
        fit={"epochs": 1, "batch_size": 256},
    ),
)
