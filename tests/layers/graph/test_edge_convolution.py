import pytest

from keras_nn.layers import EdgeConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        EdgeConvolution,
        {"units": 4, "hidden_units": 5, "hidden_activation": "tanh"},
        packs(),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(EdgeConvolution(3, hidden_units=5), "edge_convolution")


def test_refuses_several_aggregators():
    with pytest.raises(ValueError, match="Received: aggregator"):
        EdgeConvolution(3, aggregator=["max", "sum"])
