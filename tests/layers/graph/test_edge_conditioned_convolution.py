import pytest

from keras_nn.layers import EdgeConditionedConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        EdgeConditionedConvolution,
        {"units": 4, "hidden_units": 5, "hidden_activation": "tanh"},
        packs("edge_features"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        EdgeConditionedConvolution(3, hidden_units=5),
        "edge_conditioned_convolution",
        "edge_features",
    )


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match="Received: keys"):
        EdgeConditionedConvolution(3).build({"node_features": (None, None, 2)})
