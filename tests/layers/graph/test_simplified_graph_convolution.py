import pytest

from keras_nn.layers import SimplifiedGraphConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        SimplifiedGraphConvolution,
        {"units": 4, "steps": 2},
        packs("edge_weights"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        SimplifiedGraphConvolution(3, steps=3),
        "simplified_graph_convolution",
        "edge_weights",
    )


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: steps=0"):
        SimplifiedGraphConvolution(3, steps=0)
