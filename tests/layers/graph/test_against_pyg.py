"""Operators and pools in one table: each equals PyTorch Geometric's.

Forward and gradients to 1e-5; a batch of graphs is the graphs one by one;
padding changes nothing; another order of the nodes is another order of the
answers.
"""

import numpy as np
import pytest
from keras import ops

from keras_nn import layers

WEIGHTED = ("edge_weights",)
POOLED = {"pooled": True}


def degrees(golden):
    edges = golden("edge_index")["edge_index"]
    return np.bincount(edges[:, 1], minlength=9)


def scaling(golden):
    degree = degrees(golden)
    return layers.DegreeScaling(
        ["mean", "max"],
        [
            "identity",
            "amplification",
            "attenuation",
            "linear",
            "inverse_linear",
        ],
        float(degree.mean()),
        float(np.log(degree + 1).mean()),
    )


def gathering(aggregator):
    return lambda golden: layers.MessagePassing(
        aggregator(golden) if callable(aggregator) else aggregator
    )


def gps(normalize):
    return lambda golden: layers.GeneralPowerfulScalable(
        layers.MorrisConvolution(4), heads=2, normalize=normalize
    )


def hgt(units):
    return lambda golden: layers.HeterogeneousTransformer(units, 2, 12, heads=2)


# What is built of the recorded graph, the keys it needs, how it is compared.
CASES = {
    "aggregation_var": (gathering("var"), (), {}),
    "aggregation_median": (gathering("median"), (), {}),
    "aggregation_softmax": (
        gathering(lambda _: layers.SoftmaxAggregation(learn=True)),
        (),
        {},
    ),
    "aggregation_power_mean": (
        gathering(lambda _: layers.PowerMeanAggregation(2.0, learn=True)),
        (),
        {},
    ),
    "aggregation_multi": (gathering(["mean", "max", "std"]), (), {}),
    "aggregation_scaled": (gathering(scaling), (), {}),
    "aggregation_lstm": (
        gathering(lambda _: layers.LSTMAggregation(8)),
        (),
        {"ordered": True},
    ),
    "light": (lambda _: layers.LightGraphConvolution(), WEIGHTED, {}),
    "morris": (lambda _: layers.MorrisConvolution(3), WEIGHTED, {}),
    "topology_adaptive": (
        lambda _: layers.TopologyAdaptiveConvolution(3, steps=2),
        WEIGHTED,
        {},
    ),
    "mixhop": (
        lambda _: layers.MixHopConvolution(3, powers=[0, 1, 3]),
        WEIGHTED,
        {},
    ),
    "crystal": (
        lambda _: layers.CrystalConvolution(4, use_edge_features=True),
        ("edge_features",),
        {},
    ),
    "residual_gated": (lambda _: layers.ResidualGatedConvolution(3), (), {}),
    "residual_gated_edges": (
        lambda _: layers.ResidualGatedConvolution(3, use_edge_features=True),
        ("edge_features",),
        {},
    ),
    "film_1": (lambda _: layers.FiLMConvolution(3), (), {}),
    "film_3": (
        lambda _: layers.FiLMConvolution(3, num_types=3),
        ("edge_types",),
        {},
    ),
    "dynamic_edge": (
        lambda _: layers.DynamicEdgeConvolution(3, 3, hidden_units=5),
        ("graph_ids",),
        {},
    ),
    "gps_None": (gps(False), ("graph_ids",), {}),
    "gps_batch_norm": (gps(True), ("graph_ids",), {}),
    "continuous_filter": (
        lambda _: layers.ContinuousFilterConvolution(
            3, filters=5, gaussians=6, cutoff=4.0
        ),
        ("node_positions",),
        {},
    ),
    "group_norm": (
        lambda _: layers.DifferentiableGroupNormalization(3, 0.3),
        (),
        {},
    ),
    "generalized": (
        lambda _: layers.GeneralizedConvolution(
            3, use_edge_features=True, normalize_messages=True
        ),
        ("edge_features",),
        {},
    ),
    "simple_spectral": (
        lambda _: layers.SimpleSpectralConvolution(3, steps=3, alpha=0.2),
        WEIGHTED,
        {},
    ),
    "attention_propagation": (
        lambda _: layers.AttentionPropagation(),
        (),
        {},
    ),
    "frequency_adaptive": (
        lambda _: layers.FrequencyAdaptiveConvolution(4, epsilon=0.3),
        ("initial_features",),
        {},
    ),
    "sort_pooling": (lambda _: layers.SortPooling(3), ("graph_ids",), POOLED),
    "top_k": (
        lambda _: layers.TopKPooling(0.5),
        ("graph_ids",),
        {"read": lambda y: y["node_features"]},
    ),
    "sag": (
        lambda _: layers.SelfAttentionPooling(0.5),
        ("graph_ids",),
        {"read": lambda y: y["node_features"]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_equals_pyg(case, equals_pyg, golden):
    make, keys, how = CASES[case]
    equals_pyg(make(golden), case, *keys, **how)


class Relations(layers.MessagePassing):
    """HGT whose relations are a type of edge and the kinds of both ends."""

    def __init__(self, units):
        super().__init__()
        self.layer = layers.HeterogeneousTransformer(units, 2, 12, heads=2)

    def build(self, input_shape):
        self.layer.build(input_shape)

    def call(self, inputs):
        kinds, edges = inputs["node_types"], inputs["edge_index"]
        there = ops.clip(edges, 0, ops.shape(kinds)[-1] - 1)
        flat = ops.reshape(there, (*ops.shape(there)[:-2], -1))
        ends = ops.take_along_axis(kinds, flat, axis=-1)
        ends = ops.reshape(ends, ops.shape(edges))
        types = 4 * inputs["edge_types"] + 2 * ends[..., 0] + ends[..., 1]
        return self.layer({**inputs, "edge_types": types})


@pytest.mark.parametrize("units", [6, 4])
def test_typed_nodes_and_edges_equal_pyg(units, equals_pyg):
    case = f"heterogeneous_transformer_{units}"
    equals_pyg(Relations(units), case, "node_types", "edge_types")
