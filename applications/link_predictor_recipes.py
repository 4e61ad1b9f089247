"""The recipes of `LinkPredictor`, and the networks that they train."""

import dataclasses

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.data.graphs import random_link_split

# Recipes whose official files may lie under a path.
FILES = ("cora-gae", "cora-vgae")

# Shares of the edges that are hidden: those of Kipf and Welling.
VALIDATION = 0.05
TEST = 0.1


def hide_links(graph, seed, like=None):
    """`data.Splits` of `LinkSplit`s: some edges are hidden.

    Args:
        graph: dict, see `keras_nn.data.graphs.check_graph`.
        seed: int.
        like: `data.Splits` or None, whose name, source and so on they get.
    """
    parts = random_link_split(graph, VALIDATION, TEST, seed=seed)
    if like is None:
        return parts
    return dataclasses.replace(
        like,
        train=parts.train,
        validation=parts.validation,
        test=parts.test,
        class_names=None,
        description=f"{like.description} {VALIDATION:.0%} of the edges are "
        f"hidden for validation and {TEST:.0%} for the test, with as many "
        f"pairs without an edge, drawn with {seed=}.",
    )


def autoencoder(cls, hidden=32, codes=16):
    """A graph autoencoder for data: features of a node, number of nodes."""
    outputs = 2 * codes if cls is models.VGAE else codes

    def network(features, nodes):
        encoder = models.GCN(
            features,
            outputs,
            units=(hidden,),
            dropout=0.0,
            weight_decay=0.0,
            classifier_activation=None,
        )
        return cls(encoder)

    return network


RECIPES = (
    Recipe(
        name="communities",
        summary="Made-up communities, GAE of 32 and 16, Adam, 60 epochs.",
        data="communities",
        network=autoencoder(models.GAE),
        fit={"epochs": 60, "batch_size": 10_000},
    ),
    Recipe(
        name="karate",
        summary="Zachary's karate club, VGAE of 32 and 16, Adam, 100 epochs.",
        data="karate-club",
        network=autoencoder(models.VGAE),
        fit={"epochs": 100, "batch_size": 100},
    ),
    Recipe(
        name="cora-gae",
        summary="Cora, GAE of 32 and 16, Adam, 200 epochs.",
        data="cora",
        network=autoencoder(models.GAE),
        fit={"epochs": 200, "batch_size": 10_000},
        expectation=Expectation(
            "auc", published=0.910, source="Kipf and Welling, 2016, table 1"
        ),
    ),
    Recipe(
        name="cora-vgae",
        summary="Cora, VGAE of 32 and 16, Adam, 200 epochs.",
        data="cora",
        network=autoencoder(models.VGAE),
        fit={"epochs": 200, "batch_size": 10_000},
        expectation=Expectation(
            "auc", published=0.914, source="Kipf and Welling, 2016, table 1"
        ),
    ),
    Recipe(
        name="edges",
        summary="A graph of your own (edges), VGAE of 32 and 16, Adam.",
        network=autoencoder(models.VGAE),
        fit={"epochs": 200, "batch_size": 10_000},
    ),
)
