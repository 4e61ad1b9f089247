import numpy as np
import pytest

from keras_nn.data.graphs import add_self_loops
from keras_nn.data.graphs import remove_self_loops

GRAPH = {
    "node_features": np.ones((3, 1)),
    "edge_index": np.array([[1, 1], [0, 1], [0, 1]]),
    "edge_weights": np.array([5.0, 6.0, 7.0]),
}


def test_a_node_keeps_the_loop_it_has():
    graph = add_self_loops(GRAPH, weight=2.0)
    assert graph["edge_index"][3:].tolist() == [[0, 0], [2, 2]]
    assert graph["edge_weights"].tolist() == [5, 6, 7, 2, 2]
    assert len(GRAPH["edge_index"]) == 3


def test_loops_go_with_their_weights():
    graph = remove_self_loops(GRAPH)
    assert graph["edge_index"].tolist() == [[0, 1], [0, 1]]
    assert graph["edge_weights"].tolist() == [6, 7]


def test_a_graph_without_edges_gets_its_loops():
    graph = {"node_features": np.ones((2, 1)), "edge_index": []}
    assert add_self_loops(graph)["edge_index"].tolist() == [[0, 0], [1, 1]]


def test_refuses_to_invent_features_of_edges():
    with pytest.raises(ValueError, match=r"Received: .*\['edge_types'\]"):
        add_self_loops({**GRAPH, "edge_types": np.zeros(3, int)})
