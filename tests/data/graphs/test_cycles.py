import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import cycles_or_not


def components(graph):
    label = list(range(len(graph["node_features"])))
    for a, b in graph["edge_index"]:
        label = [label[a] if x == label[b] else x for x in label]
    return len(set(label))


def test_a_connected_graph_has_a_cycle_where_it_says_so():
    graphs, labels = cycles_or_not(12, seed=4)
    assert np.bincount(labels).tolist() == [6, 6]
    for graph, label in zip(map(check_graph, graphs), labels, strict=True):
        assert components(graph) == 1
        edges = len(graph["edge_index"]) // 2
        assert edges == len(graph["node_features"]) - 1 + label


def test_refuses_graphs_too_small_for_a_cycle():
    with pytest.raises(ValueError, match="Received: min_nodes=2"):
        cycles_or_not(4, min_nodes=2)
