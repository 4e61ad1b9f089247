import pytest

from keras_nn.layers import GraphSAGE
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GraphSAGE,
        {"units": 4, "aggregator": ["mean", "max"], "normalize": True},
        packs(),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphSAGE(3), "graph_sage_mean")
    equals_pyg(GraphSAGE(3, aggregator="max"), "graph_sage_max")
    equals_pyg(GraphSAGE(3, aggregator=["mean", "std"]), "graph_sage_mean_std")


def test_refuses_no_units():
    with pytest.raises(ValueError, match="Received: units=0"):
        GraphSAGE(0)
