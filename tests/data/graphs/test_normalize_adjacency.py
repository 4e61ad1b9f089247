import numpy as np
import pytest

from keras_nn.data.graphs import normalize_adjacency

GENERATOR = np.random.default_rng(0)
GRAPH = {
    "node_features": np.ones((5, 1)),
    "edge_index": GENERATOR.integers(0, 4, (12, 2)),  # node 4 is alone
    "edge_weights": GENERATOR.uniform(0.5, 2, 12),
}


def matrix(graph):
    dense = np.zeros((5, 5))
    source, target = graph["edge_index"].T
    np.add.at(dense, (target, source), graph["edge_weights"])
    return dense


def test_symmetric_is_the_equation():
    dense = matrix(GRAPH)
    degree = dense.sum(1)
    inverse = np.where(degree > 0, 1 / np.sqrt(np.maximum(degree, 1e-9)), 0)
    np.testing.assert_allclose(
        matrix(normalize_adjacency(GRAPH)),
        inverse[:, None] * dense * inverse,
        rtol=1e-5,
    )


def test_row_makes_what_a_node_receives_a_mean():
    rows = matrix(normalize_adjacency(GRAPH, "row")).sum(1)
    received = matrix(GRAPH).sum(1) > 0
    np.testing.assert_allclose(rows, received, rtol=1e-5)


def test_refuses_another_mode():
    with pytest.raises(ValueError, match="Received: mode='column'"):
        normalize_adjacency(GRAPH, "column")
