"""The recipes of `GraphEmbedder`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

# Recipes whose official files may lie under a path.
FILES = ("cora-dgi", "cora-node2vec")

# How `Node2Vec` walks.
WALKS = {"length": 20, "walks_per_node": 10}


def infomax(units):
    """A `DGI` for data: features of a node, number of nodes."""
    return lambda features, nodes: models.DGI(
        models.GCN(
            features,
            units,
            units=(),
            dropout=0.0,
            weight_decay=0.0,
            classifier_activation="leaky_relu",
        )
    )


def walks(units):
    """A `Node2Vec` for data: features of a node, number of nodes."""
    return lambda features, nodes: models.Node2Vec(nodes, units)


RECIPES = (
    Recipe(
        name="communities",
        summary="Made-up communities, DGI of 64, Adam, 60 epochs.",
        data="communities",
        network=infomax(64),
        fit={"epochs": 60, "batch_size": 1},
    ),
    Recipe(
        name="karate-node2vec",
        summary="Zachary's karate club, Node2Vec of 16, Adam, 30 epochs.",
        data="karate-club",
        network=walks(16),
        fit={"epochs": 30, "batch_size": 128},
    ),
    Recipe(
        name="cora-dgi",
        summary="Cora, DGI of 512, Adam, 150 epochs.",
        data="cora",
        network=infomax(512),
        settings={"learning_rate": 1e-3},
        fit={"epochs": 150, "batch_size": 1},
        expectation=Expectation(
            "accuracy",
            published=0.823,
            source="Velickovic et al., 2019, table 2",
        ),
    ),
    Recipe(
        name="cora-node2vec",
        summary="Cora, Node2Vec of 128, Adam, 5 epochs.",
        data="cora",
        network=walks(128),
        fit={"epochs": 5, "batch_size": 128},
    ),
    Recipe(
        name="nodes",
        summary="A graph of your own (edges, nodes.csv), DGI of 64, Adam.",
        network=infomax(64),
        fit={"epochs": 150, "batch_size": 1},
    ),
)
