import numpy as np

from keras_nn.layers import ResidualGatedConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {
        "units": 4,
        "use_edge_features": True,
        "gate_activation": "tanh",
    }
    check_layer(ResidualGatedConvolution, arguments, packs("edge_features"))


def test_a_closed_gate_lets_nothing_through(packs):
    layer = ResidualGatedConvolution(4, gate_activation=lambda x: 0.0 * x)
    graph = packs()
    y = np.asarray(layer(graph))
    own = graph["node_features"] @ np.asarray(layer.own_kernel)
    np.testing.assert_allclose(y, own, atol=1e-5)
