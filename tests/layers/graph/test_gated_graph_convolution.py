import pytest

from keras_nn.layers import GatedGraphConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GatedGraphConvolution, {"units": 4, "steps": 2}, packs("edge_weights")
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(GatedGraphConvolution(6, steps=2), "gated_graph", "edge_weights")


def test_refuses_more_features_than_units():
    with pytest.raises(ValueError, match="Received: units=3, 5 features"):
        GatedGraphConvolution(3).build({"node_features": (None, None, 5)})
