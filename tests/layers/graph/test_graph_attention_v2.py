import pytest

from keras_nn.layers import GraphAttentionV2
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GraphAttentionV2,
        {"units": 3, "heads": 2, "activation": "tanh"},
        packs(),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphAttentionV2(3, heads=2), "graph_attention_v2")


def test_refuses_no_heads():
    with pytest.raises(ValueError, match="Received: heads=0"):
        GraphAttentionV2(3, heads=0)
