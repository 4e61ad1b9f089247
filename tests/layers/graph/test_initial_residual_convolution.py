import pytest

from keras_nn.layers import InitialResidualConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        InitialResidualConvolution,
        {"units": 3, "alpha": 0.2, "theta": 0.7, "depth": 2, "use_bias": True},
        packs("edge_weights", "initial_features"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        InitialResidualConvolution(4, depth=2),
        "gcnii",
        "edge_weights",
        "initial_features",
    )


def test_refuses_another_width():
    with pytest.raises(ValueError, match="Received: units=5, 2 features"):
        InitialResidualConvolution(5).build({"node_features": (None, None, 2)})


def test_refuses_the_depth_zero():
    with pytest.raises(ValueError, match="Received: depth=0"):
        InitialResidualConvolution(3, depth=0)
