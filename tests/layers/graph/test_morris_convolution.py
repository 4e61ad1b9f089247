import numpy as np

from keras_nn.layers import MorrisConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        MorrisConvolution,
        {"units": 4, "aggregator": ["sum", "max"], "activation": "tanh"},
        packs("edge_weights"),
    )


def test_a_lonely_node_keeps_to_itself():
    layer = MorrisConvolution(1, kernel_initializer="ones")
    graph = {
        "node_features": np.array([[3.0], [5.0]], "float32"),
        "edge_index": np.array([[0, 1]], "int32"),
        "edge_weights": np.array([2.0], "float32"),
    }
    assert np.ravel(layer(graph)).tolist() == [3.0, 11.0]
