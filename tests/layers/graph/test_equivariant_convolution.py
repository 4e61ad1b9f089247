import numpy as np
import pytest

from keras_nn.layers import EquivariantConvolution
from keras_nn.testing import check_layer

RANDOM = np.random.default_rng(0)


@pytest.mark.slow
def test_conformance(packs, replicas_agree):
    arguments = {"units": 3, "use_edge_features": True}
    graph = packs("node_positions", "edge_features")
    check_layer(EquivariantConvolution, arguments, graph, replicas=False)
    replicas_agree(lambda: EquivariantConvolution(**arguments), graph)


@pytest.mark.parametrize("mirrored", [False, True])
def test_turns_mirrors_and_moves_with_the_positions(packs, mirrored):
    layer = EquivariantConvolution(3)
    graph = packs("node_positions")
    before = layer(graph)
    turn, _ = np.linalg.qr(RANDOM.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn)) * (-1 if mirrored else 1)
    assert np.sign(np.linalg.det(turn)) == (-1 if mirrored else 1)

    def moved(positions):
        return (np.asarray(positions) @ turn + [1.0, -2, 3]).astype("float32")

    after = layer({**graph, "node_positions": moved(graph["node_positions"])})
    np.testing.assert_allclose(
        after["node_features"], before["node_features"], atol=1e-5
    )
    np.testing.assert_allclose(
        after["node_positions"], moved(before["node_positions"]), atol=1e-5
    )
    assert np.abs(before["node_positions"] - graph["node_positions"]).max() > 0


def test_equals_a_loop_over_edges(packs):
    layer = EquivariantConvolution(4, residual=False)
    graph = {k: v[1] for k, v in packs("node_positions").items()}
    y = layer(graph)
    x, p = graph["node_features"], graph["node_positions"]

    def mlp(layers, x, last=False):
        for layer in layers:
            x = x @ np.asarray(layer.kernel)
            x = x + (np.asarray(layer.bias) if layer.use_bias else 0)
            if last or layer is layers[0]:
                x = x / (1 + np.exp(-x))
        return x

    received, shift = np.zeros((5, 4)), [[] for _ in range(5)]
    for s, t in graph["edge_index"]:
        offset = p[t] - p[s]
        m = np.concatenate([x[t], x[s], [offset @ offset]])
        m = mlp(layer.messages, m, last=True)
        received[t] += m
        shift[t].append(offset * mlp(layer.shifts, m))
    moved = [
        p[t] + (np.mean(s, axis=0) if s else 0) for t, s in enumerate(shift)
    ]
    np.testing.assert_allclose(y["node_positions"], moved, atol=1e-5)
    expected = mlp(layer.updates, np.concatenate([x, received], axis=1))
    np.testing.assert_allclose(y["node_features"], expected, atol=1e-5)


def test_refuses_nodes_without_positions(packs):
    with pytest.raises(ValueError, match="a graph with `node_positions`"):
        EquivariantConvolution(4)(packs())
