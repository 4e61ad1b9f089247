import pytest

from keras_nn.layers import GraphAttention
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GraphAttention,
        {"units": 3, "heads": 2, "concatenate": False},
        packs(),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphAttention(3, heads=2), "graph_attention_joined")
    equals_pyg(
        GraphAttention(3, heads=2, concatenate=False),
        "graph_attention_averaged",
    )


def test_refuses_no_heads():
    with pytest.raises(ValueError, match="Received: heads=0"):
        GraphAttention(3, heads=0)
