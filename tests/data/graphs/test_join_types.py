import numpy as np
import pytest

from keras_nn.data.graphs import join_types
from keras_nn.data.graphs import pack

NODES = {"user": np.ones((2, 1)), "film": np.full((3, 2), 2.0)}
EDGES = {
    ("user", "saw", "film"): [[0, 2], [1, 0]],
    ("film", "follows", "film"): [[1, 2]],
}


def test_types_tell_nodes_and_edges_apart_and_pack():
    graph, starts = join_types(NODES, EDGES)
    assert graph["edge_types"].tolist() == [0, 0, 1]
    assert graph["edge_index"][2].tolist() == [3, 4]
    np.testing.assert_array_equal(
        graph["node_features"][: starts["film"]], [[1, 0], [1, 0]]
    )
    packs = pack([graph, graph])
    assert packs["node_types"].tolist() == [[0, 0, 1, 1, 1] * 2]
    assert packs["edge_types"].tolist() == [[0, 0, 1] * 2]


@pytest.mark.parametrize(
    "edges, error",
    [
        ({("user", "saw", "book"): [[0, 0]]}, "Received: .*'book'"),
        ({("user", "saw", "film"): [[2, 0]]}, r"Received: \[2, 0\]"),
    ],
)
def test_refuses_edges_to_nowhere(edges, error):
    with pytest.raises(ValueError, match=error):
        join_types(NODES, edges)
