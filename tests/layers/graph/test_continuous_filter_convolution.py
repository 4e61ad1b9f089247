import numpy as np
import pytest

from keras_nn.layers import ContinuousFilterConvolution
from keras_nn.testing import check_layer

SMALL = {"units": 4, "filters": 5, "gaussians": 4, "cutoff": 3.0}


def test_conformance(packs):
    check_layer(ContinuousFilterConvolution, SMALL, packs("node_positions"))


def test_turning_and_moving_change_nothing(packs):
    layer = ContinuousFilterConvolution(**SMALL)
    graph = packs("node_positions")
    y = np.asarray(layer(graph))
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    positions = graph["node_positions"] @ turn.astype("float32") + 5
    np.testing.assert_allclose(
        layer({**graph, "node_positions": positions}), y, atol=1e-5
    )


def test_refuses_nodes_without_positions(packs):
    with pytest.raises(ValueError, match="a graph with `node_positions`"):
        ContinuousFilterConvolution(4)(packs())
