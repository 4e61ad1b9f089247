"""Pools into clusters: PyG's numbers, packs, padding, permutation."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import DifferentiablePooling
from keras_nn.layers import MinimumCutPooling
from keras_nn.layers.graph.cluster_pooling import ClusterPooling
from keras_nn.testing.backend import gradients
from keras_nn.testing.numbers import assert_close

CASES = [(DifferentiablePooling, "diff_pool"), (MinimumCutPooling, "min_cut")]


@pytest.mark.parametrize("cls, case", CASES)
def test_equals_pyg(cls, case, pyg, golden):
    found = pyg
    graph = golden("node_features", "edge_index", "edge_weights")
    features = keras.Variable(graph["node_features"])
    layer = cls(3)
    layer(graph)
    for index, weight in enumerate(layer.trainable_weights):
        weight.assign(found[f"{case}/weight_{index}"])

    def loss():
        y = layer({**graph, "node_features": features.value})
        parts = [y["node_features"], y["edge_weights"], *layer.losses]
        y = ops.concatenate([ops.reshape(part, (-1,)) for part in parts])
        return ops.sum(y * found[f"{case}/projection"].astype("float32")), y

    _, y, made = gradients(loss, [features, *layer.trainable_weights])
    assert_close(y, found[f"{case}/output"], case)
    wanted = ["input_gradient", "gradient_0", "gradient_1"]
    wanted = [found[f"{case}/{name}"] for name in wanted]
    assert_close(made, wanted, f"gradients of {case}", 2e-5)


@pytest.mark.parametrize("cls, case", CASES)
def test_a_batch_is_its_graphs_and_padding_changes_nothing(
    cls, case, golden, in_packs, reordered
):
    graph = golden("node_features", "edge_index", "edge_weights")
    layer = cls(3)
    alone = {k: np.asarray(v) for k, v in layer(graph).items()}
    losses = np.array([float(one) for one in layer.losses])
    graph["graph_ids"] = np.zeros(9, "int32")
    graph["graph_mask"] = np.ones(1, bool)
    packs = in_packs({**graph, "graph_mask": np.ones(3, bool)})
    # The second pack holds two copies, as graphs 0 and 3.
    packs["graph_mask"] = np.ones((2, 6), bool)
    y = {k: np.asarray(v) for k, v in layer(packs).items()}
    np.testing.assert_allclose([float(v) for v in layer.losses], losses, 1e-5)
    for pack, place in ((0, 0), (1, 0), (1, 3)):
        nodes = y["node_features"][pack, 3 * place : 3 * place + 3]
        edges = y["edge_weights"][pack, 9 * place : 9 * place + 9]
        assert_close(nodes, alone["node_features"], case)
        assert_close(edges, alone["edge_weights"], case)
    assert y["node_mask"].sum() == 9 and y["graph_mask"].sum() == 3
    order = np.random.default_rng(0).permutation(9)
    other = layer(reordered(graph, order))
    assert_close(other["node_features"], alone["node_features"], case)


def test_refuses_one_cluster():
    with pytest.raises(ValueError, match="Received: clusters=1"):
        ClusterPooling(1)
