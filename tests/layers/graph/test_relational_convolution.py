import pytest

from keras_nn.layers import RelationalConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        RelationalConvolution, {"units": 4, "num_types": 2}, packs("edge_types")
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        RelationalConvolution(3, num_types=3),
        "relational_convolution",
        "edge_types",
    )


def test_refuses_no_types():
    with pytest.raises(ValueError, match="Received: num_types=0"):
        RelationalConvolution(3, num_types=0)


def test_refuses_edges_without_types():
    with pytest.raises(ValueError, match="Received: keys"):
        RelationalConvolution(3, num_types=2).build(
            {"node_features": (None, None, 2)}
        )
