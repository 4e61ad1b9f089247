import numpy as np
import pytest

from keras_nn.data.graphs import laplacian_encoding
from keras_nn.data.graphs import to_undirected


def test_columns_are_eigenvectors_and_the_second_parts_communities():
    edges = [(a, b) for a in range(4) for b in range(a)]
    edges += [(a + 4, b + 4) for a, b in edges] + [(0, 4)]
    graph = to_undirected(
        {"node_features": np.ones((8, 1)), "edge_index": edges}
    )
    places = laplacian_encoding(graph, 3)["node_features"][:, 1:]
    dense = np.zeros((8, 8))
    dense[tuple(graph["edge_index"].T)] = 1
    scale = 1 / np.sqrt(dense.sum(0))
    laplacian = np.eye(8) - scale[:, None] * dense * scale
    for column in places.T:
        value = column @ laplacian @ column
        np.testing.assert_allclose(
            laplacian @ column, value * column, atol=1e-5
        )
    np.testing.assert_allclose(places.T @ places, np.eye(3), atol=1e-5)
    signs = np.sign(places[:, 0])
    assert abs(signs[:4].sum()) == 4 and (signs[:4] == -signs[4:]).all()


def test_a_small_graph_has_fewer_places():
    graph = {"node_features": np.ones((2, 1)), "edge_index": [[0, 1]]}
    places = laplacian_encoding(graph, 3)["node_features"][:, 1:]
    assert places.shape == (2, 3) and not places[:, 1:].any()


def test_refuses_no_places():
    with pytest.raises(ValueError, match="Received: size=0"):
        laplacian_encoding({"node_features": np.eye(1), "edge_index": []}, 0)
