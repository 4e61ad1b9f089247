from keras_nn.layers import GraphAttentionPooling
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(GraphAttentionPooling, {}, packs("graph_ids"))


def test_equals_pyg(equals_pyg):
    equals_pyg(
        GraphAttentionPooling(),
        "graph_attention_pooling",
        "graph_ids",
        pooled=True,
    )
