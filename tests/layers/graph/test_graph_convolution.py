import pytest

from keras_nn.layers import GraphConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {"units": 4, "activation": "tanh"}
    check_layer(GraphConvolution, arguments, packs("edge_weights"))


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphConvolution(3), "graph_convolution", "edge_weights")
    equals_pyg(GraphConvolution(3), "graph_convolution_unweighted")


def test_refuses_no_units():
    with pytest.raises(ValueError, match="Received: units=0"):
        GraphConvolution(0)
