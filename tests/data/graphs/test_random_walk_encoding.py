from pathlib import Path

import numpy as np
import pytest

from keras_nn.data.graphs import random_walk_encoding

PARITY = Path(__file__).parents[2] / "parity"
ARRAYS = {**np.load(PARITY / "pyg.npz"), **np.load(PARITY / "pyg_models.npz")}
EDGES = [[0, 1], [1, 0], [1, 2], [2, 1], [2, 0], [3, 3], [0, 1]]
WEIGHTS = np.array([1.0, 2, 1, 3, 1, 2, 0.5])


def test_equals_powers_of_the_matrix_of_steps():
    graph = {
        "node_features": np.ones((5, 2)),
        "edge_index": EDGES,
        "edge_weights": WEIGHTS,
    }
    step = np.zeros((5, 5))
    for (source, target), weight in zip(EDGES, WEIGHTS, strict=True):
        step[source, target] += weight
    total = step.sum(1, keepdims=True)
    step = step / np.where(total == 0, 1, total)
    places = random_walk_encoding(graph, 4)["node_features"][:, 2:]
    expected = [np.diag(np.linalg.matrix_power(step, k)) for k in range(1, 5)]
    np.testing.assert_allclose(places, np.stack(expected, 1), atol=1e-6)


def test_equals_pyg():
    graph = {
        "node_features": ARRAYS["graph/node_features"],
        "edge_index": np.unique(ARRAYS["graph/edge_index"], axis=0),
    }
    places = random_walk_encoding(graph, 4)["node_features"][:, 4:]
    np.testing.assert_allclose(places, ARRAYS["walks_back"], atol=1e-6)


def test_refuses_no_steps():
    graph = {"node_features": np.ones((1, 1)), "edge_index": []}
    with pytest.raises(ValueError, match="Received: size=0"):
        random_walk_encoding(graph, 0)
