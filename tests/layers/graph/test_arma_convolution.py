import pytest

from keras_nn.layers import ARMAConvolution
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        ARMAConvolution,
        {"units": 4, "stacks": 2, "steps": 2, "activation": "tanh"},
        packs("edge_weights"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        ARMAConvolution(3, stacks=2, steps=2),
        "arma_convolution",
        "edge_weights",
    )


def test_refuses_no_stacks():
    with pytest.raises(ValueError, match="Received: stacks=0"):
        ARMAConvolution(3, stacks=0)
