import numpy as np
import pytest

from keras_nn.data.graphs import check_graph

GRAPH = {
    "node_features": np.ones((3, 2)),
    "edge_index": [[0, 1], [2, 1]],
    "edge_weights": [0.5, 2.0],
}


def test_values_become_float32_and_int32():
    graph = check_graph({**GRAPH, "edge_types": np.array([0, 4], "uint8")})
    assert {key: str(value.dtype) for key, value in graph.items()} == {
        "node_features": "float32",
        "edge_index": "int32",
        "edge_weights": "float32",
        "edge_types": "int32",
    }


def test_no_nodes_and_no_edges_are_a_graph():
    graph = check_graph({"node_features": np.ones((0, 4)), "edge_index": []})
    assert graph["edge_index"].shape == (0, 2)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"edge_index": [[0, 1], [1, 3]]}, r"0 to 2. Received: \[1, 3\] in"),
        ({"edge_index": [[0, -1], [1, 2]]}, r"Received: \[0, -1\] in edge 0"),
        ({"edge_index": [[0, 1, 2], [1, 2, 0]]}, r"shape \(2, 3\)"),
        ({"edge_index": [[0.5, 1.0], [1, 2]]}, "integers. Received: float64"),
        ({"edge_weights": [1.0]}, r"each of the 2 edges. Received: shape \(1,"),
        ({"edge_weights": [1.0, np.inf]}, "finite. Received: inf in row 1"),
        ({"node_features": np.full((3, 1), np.nan)}, "finite. Received: nan"),
        ({"node_features": np.ones(3)}, r"2 axes. Received: shape \(3,\)"),
        ({"node_types": [0, 1]}, "each of the 3 nodes. Received: shape"),
        ({"edge_types": [0, -1]}, "count from 0. Received: -1"),
        ({"x": np.ones(3)}, "Received: keys"),
    ],
)
def test_says_what_is_wrong(change, text):
    with pytest.raises(ValueError, match=text):
        check_graph({**GRAPH, **change})


def test_refuses_a_graph_without_edge_index():
    with pytest.raises(ValueError, match=r"keys \['node_features'\]"):
        check_graph({"node_features": np.ones((3, 2))})
