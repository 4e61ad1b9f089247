"""Data sets of graphs that are drawn and need no file."""

import numpy as np

from keras_nn.data.graphs.cycles import cycles_or_not
from keras_nn.data.graphs.graph_split import GraphSplit
from keras_nn.data.graphs.molecules_like import molecules_like
from keras_nn.data.graphs.node_split import NodeSplit
from keras_nn.data.graphs.stochastic_block_model import stochastic_block_model
from keras_nn.data.splits import Splits


def cycles_or_not_set():
    """1,200 trees, half of them with an edge more; the last 300 to test on."""
    whole = GraphSplit(*cycles_or_not(1200))
    return Splits(
        *_parts(whole),
        class_names=("tree", "cycle"),
        name="cycles-or-not",
        source="keras_nn.data.graphs.cycles_or_not(1200)",
        licence="none needed",
        description="Random trees of 6 to 16 nodes, every other one with an "
        "edge more, which closes a cycle. Nodes have no features.",
    )


def molecules_like_set():
    """800 random trees of atoms and a number each; the last 200 to test on."""
    whole = GraphSplit(*molecules_like(800))
    return Splits(
        *_parts(whole),
        name="molecules-like",
        source="keras_nn.data.graphs.molecules_like(800)",
        licence="none needed",
        description="Random trees of 4 to 12 atoms of four kinds, bonds of "
        "two; the target averages what atoms and strong bonds add.",
    )


def communities_set():
    """2,000 nodes in 5 communities; a tenth known, a tenth for validation."""
    graph, labels = stochastic_block_model(
        [400] * 5, within=0.03, between=0.004, feature_noise=1.0
    )
    order = np.random.default_rng(0).permutation(len(labels))
    masks = [
        np.isin(np.arange(len(labels)), part)
        for part in np.split(order, [len(order) // 10, len(order) // 5])
    ]
    return Splits(
        *(NodeSplit(graph, labels, mask) for mask in masks),
        class_names=tuple("ABCDE"),
        name="communities",
        source="keras_nn.data.graphs.stochastic_block_model",
        licence="none needed",
        description="A random graph of 5 communities of 400 nodes, who know "
        "12 of their own and 6.4 others; features are noisy.",
    )


def _parts(whole):
    indices = range(len(whole))
    cut = len(whole) * 3 // 4
    return whole[[*indices[:cut]]], None, whole[[*indices[cut:]]]
