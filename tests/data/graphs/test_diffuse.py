from pathlib import Path

import numpy as np
import pytest

from keras_nn.data.graphs import diffuse
from keras_nn.data.graphs import stochastic_block_model

PARITY = Path(__file__).parents[2] / "parity"
ARRAYS = {**np.load(PARITY / "pyg.npz"), **np.load(PARITY / "pyg_models.npz")}
GRAPH, _ = stochastic_block_model([8, 8], 0.5, 0.1)


def transitions():
    matrix = np.eye(16)
    for source, target in GRAPH["edge_index"]:
        matrix[source, target] += 1
    scale = matrix.sum(0) ** -0.5
    return scale[:, None] * matrix * scale


def series(method):
    """The sum of walks that the closed forms stand for."""
    step, power, total = transitions(), np.eye(16), 0.0
    factor = 0.15 if method == "ppr" else np.exp(-5.0)
    for k in range(400):
        total = total + factor * power
        power = power @ step
        factor *= 0.85 if method == "ppr" else 5.0 / (k + 1)
    return total


@pytest.mark.parametrize("method", ["ppr", "heat"])
def test_equals_a_sum_over_walks(method):
    graph = diffuse(GRAPH, method, threshold=0.05)
    expected = series(method)
    expected[expected < 0.05] = 0
    expected = expected / expected.sum(0)
    found = np.zeros((16, 16))
    found[tuple(graph["edge_index"].T)] = graph["edge_weights"]
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("method", ["ppr", "heat"])
def test_equals_pyg(method):
    graph = {k: ARRAYS[f"graph/{k}"] for k in ("node_features", "edge_index")}
    graph["edge_weights"] = ARRAYS["graph/edge_weights"]
    graph = diffuse(graph, method, time=3.0, top_k=3)
    found = np.zeros((9, 9))
    found[tuple(graph["edge_index"].T)] = graph["edge_weights"]
    np.testing.assert_allclose(found, ARRAYS[f"diffuse_{method}"], atol=1e-5)


def test_keeps_so_many_edges_to_every_node():
    graph = diffuse(GRAPH, top_k=3)
    count = np.bincount(graph["edge_index"][:, 1], minlength=16)
    assert count.tolist() == [3] * 16


def test_refuses_to_keep_everything():
    with pytest.raises(ValueError, match="Received: top_k=None"):
        diffuse(GRAPH)
    with pytest.raises(ValueError, match="Received: method='wave'"):
        diffuse(GRAPH, "wave", top_k=2)
