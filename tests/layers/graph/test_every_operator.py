"""What is odd about a graph harms no operator and no pool, nor do others.

A batch of graphs is the graphs one by one; other numbers of the nodes are
other places of the answers. No edges, edges out of range, a graph without
nodes, edges that repeat. What is wrong before (values that are not finite, ids
in a graph that is checked, a graph larger than the budget) is refused in
tests/data/graphs.
"""

import numpy as np
import pytest
from keras import ops

from keras_nn import layers
from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import pack
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import gradients

OPERATORS = {
    "arma": lambda: layers.ARMAConvolution(3),
    "chebyshev": lambda: layers.ChebyshevConvolution(3),
    "filter": lambda: layers.ContinuousFilterConvolution(3, 4, 4, 3.0),
    "crystal": lambda: layers.CrystalConvolution(4),
    "group_norm": lambda: layers.DifferentiableGroupNormalization(2),
    "edge_conditioned": lambda: layers.EdgeConditionedConvolution(3),
    "edge": lambda: layers.EdgeConvolution(3),
    "film": lambda: layers.FiLMConvolution(3, num_types=2),
    "gated": lambda: layers.GatedGraphConvolution(4),
    "gps": lambda: layers.GeneralPowerfulScalable(layers.GraphSAGE(4)),
    "attention_propagation": lambda: layers.AttentionPropagation(),
    "spectral": lambda: layers.SimpleSpectralConvolution(3),
    "generalized": lambda: layers.GeneralizedConvolution(3),
    "attention": lambda: layers.GraphAttention(3, heads=2),
    "attention_v2": lambda: layers.GraphAttentionV2(3, heads=2),
    "convolution": lambda: layers.GraphConvolution(3),
    "isomorphism": lambda: layers.GraphIsomorphism(3),
    "sage": lambda: layers.GraphSAGE(3, aggregator=["mean", "median", "var"]),
    "transformer": lambda: layers.GraphTransformer(3),
    "typed_transformer": lambda: layers.HeterogeneousTransformer(4, 2, 2),
    "hypergraph": lambda: layers.HypergraphConvolution(3),
    "light": lambda: layers.LightGraphConvolution(),
    "lstm": lambda: layers.MessagePassing(layers.LSTMAggregation(4)),
    "power": lambda: layers.MessagePassing(layers.PowerMeanAggregation(2.0)),
    "mixhop": lambda: layers.MixHopConvolution(3),
    "morris": lambda: layers.MorrisConvolution(3),
    "personalized": lambda: layers.PersonalizedPropagation(3),
    "neighbourhood": lambda: layers.PrincipalNeighbourhood(3, 1.0),
    "relational": lambda: layers.RelationalConvolution(3, 2),
    "gates": lambda: layers.ResidualGatedConvolution(3),
    "simplified": lambda: layers.SimplifiedGraphConvolution(3),
    "adaptive": lambda: layers.TopologyAdaptiveConvolution(3),
    "pool": lambda: layers.GraphPooling(["mean", "median", "softmax"]),
    "attention_pool": lambda: layers.GraphAttentionPooling(),
    "set_pool": lambda: layers.SetToSetPooling(2),
    "sort_pool": lambda: layers.SortPooling(2),
}
POOLS = ("pool", "attention_pool", "set_pool", "sort_pool")
SEVERAL = {
    "differentiable": lambda: layers.DifferentiablePooling(2),
    "cut": lambda: layers.MinimumCutPooling(2),
    "top_k": lambda: layers.TopKPooling(),
    "self_attention": lambda: layers.SelfAttentionPooling(),
    "equivariant": lambda: layers.EquivariantConvolution(3),
    "virtual": lambda: layers.VirtualNode(),
}
EVERY = OPERATORS | SEVERAL


def graph_of(nodes, edges, seed=0):
    random = np.random.default_rng(seed)
    edges = np.reshape(np.array(edges, int), (-1, 2))
    return {
        "node_features": random.normal(size=(nodes, 4)),
        "node_positions": random.normal(size=(nodes, 3)),
        "node_types": np.arange(nodes) % 2,
        "edge_index": edges,
        "edge_features": random.normal(size=(len(edges), 2)),
        "edge_types": np.arange(len(edges)) % 2,
        "edge_weights": random.uniform(0.5, 2, len(edges)),
    }


EDGES = [[0, 1], [1, 0], [2, 2], [0, 1], [3, 0], [1, 3]]
GRAPH = graph_of(5, EDGES)


def floats(y):
    y = y if isinstance(y, dict) else {"y": y}
    return {
        k: ops.convert_to_numpy(v)
        for k, v in y.items()
        if "float" in str(v.dtype)
    }


def answers(layer, packs):
    """What is said of the nodes, graphs or clusters of the first pack."""
    y = layer({k: ops.convert_to_tensor(v) for k, v in packs.items()})
    y = y["node_features"] if isinstance(y, dict) else y
    return ops.convert_to_numpy(y)[0]


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", EVERY)
def test_a_batch_is_its_graphs_one_by_one(name):
    layer = EVERY[name]()
    other = graph_of(4, [[3, 2], [1, 2], [0, 0], [2, 3]], seed=1)
    both = answers(layer, pack([GRAPH, other], Budget(11, 20, 3)))
    first, second = 5, 4
    if name in POOLS:
        first, second = 1, 1
    elif name in ("differentiable", "cut"):
        first, second = 2, 2
    close(both[:first], answers(layer, pack([GRAPH])))
    alone = answers(layer, pack([other]))
    close(both[first : first + second], alone)


@pytest.mark.parametrize("name", EVERY)
def test_other_numbers_of_nodes_are_other_places(name):
    layer = EVERY[name]()
    order = np.array([3, 0, 4, 2, 1])
    moved = {
        k: v[order] if k.startswith("node_") else v for k, v in GRAPH.items()
    }
    moved["edge_index"] = np.argsort(order)[GRAPH["edge_index"]]
    y = answers(layer, pack([GRAPH]))
    if name not in (*POOLS, "differentiable", "cut"):
        y = y[order]
    close(answers(layer, pack([moved])), y)


@pytest.mark.parametrize("name", EVERY)
def test_edges_out_of_range_are_no_edges(name):
    layer = EVERY[name]()
    packs = pack([GRAPH], Budget(nodes=6, edges=10, graphs=2))
    expected = floats(layer(packs))
    wrong = {k: v.copy() for k, v in packs.items()}
    wrong["edge_index"][0, 6:] = [[7, 0], [0, -3], [99, 99], [2, 6]]
    for key, value in floats(layer(wrong)).items():
        np.testing.assert_allclose(
            value, expected[key], rtol=1e-5, atol=1e-6, err_msg=key
        )


@pytest.mark.parametrize("name", ["film", "typed_transformer", "cut", "lstm"])
def test_edges_out_of_range_are_no_edges_under_xla(name):
    layer = EVERY[name]()
    packs = pack([GRAPH], Budget(nodes=6, edges=8, graphs=2))
    expected = floats(layer(packs))
    packs["edge_index"][0, 6:] = [[99, 0], [0, -3]]
    received = floats(compiled(lambda x: layer(x), [], jit=True)(packs))
    for key, value in received.items():
        np.testing.assert_allclose(
            value, expected[key], rtol=1e-4, atol=1e-5, err_msg=key
        )


@pytest.mark.parametrize("name", EVERY)
def test_without_edges_answers_and_gradients_are_finite(name):
    layer = EVERY[name]()
    packs = pack([graph_of(3, [])])
    layer(packs)

    def loss():
        y = layer(packs)
        y = y if isinstance(y, dict) else {"y": y}
        parts = [v for v in y.values() if "float" in str(v.dtype)]
        total = sum(ops.sum(ops.square(part)) for part in parts)
        return total + sum(layer.losses), parts[0]

    value, _, found = gradients(loss, layer.trainable_weights)
    assert np.isfinite(float(value))
    for gradient in found:
        if gradient is not None:  # what only edges use
            assert np.isfinite(ops.convert_to_numpy(gradient)).all()


@pytest.mark.parametrize("name", EVERY)
def test_a_graph_without_nodes_leaves_the_others_alone(name):
    layer = EVERY[name]()
    empty = graph_of(0, [])
    alone = floats(layer(pack([GRAPH], Budget(6, 8, 2))))
    both = floats(layer(pack([GRAPH, empty], Budget(6, 8, 2))))
    for key, value in both.items():
        np.testing.assert_allclose(
            value, alone[key], rtol=1e-5, atol=1e-6, err_msg=key
        )
