import numpy as np

from keras_nn.data.graphs import to_undirected


def test_every_edge_gets_its_reverse_with_its_values_once():
    graph = {
        "node_features": np.ones((3, 1)),
        "edge_index": np.array([[0, 1], [1, 0], [2, 2], [1, 2], [1, 2]]),
        "edge_weights": np.array([1.0, 9.0, 3.0, 4.0, 8.0]),
    }
    both = to_undirected(graph)
    edges = {
        tuple(edge): weight
        for edge, weight in zip(
            both["edge_index"].tolist(), both["edge_weights"], strict=True
        )
    }
    assert edges == {(0, 1): 1, (1, 0): 9, (2, 2): 3, (1, 2): 4, (2, 1): 4}
    targets = both["edge_index"][:, 1]
    assert (np.diff(targets) >= 0).all()
    again = to_undirected(both)
    np.testing.assert_array_equal(again["edge_index"], both["edge_index"])


def test_no_edges_stay_no_edges():
    graph = {"node_features": np.ones((0, 1)), "edge_index": []}
    assert to_undirected(graph)["edge_index"].shape == (0, 2)
