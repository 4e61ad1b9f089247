from keras_nn.layers import GraphPooling
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GraphPooling, {"aggregator": ["sum", "max"]}, packs("graph_ids")
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        GraphPooling("sum"), "graph_pooling_sum", "graph_ids", pooled=True
    )
    equals_pyg(
        GraphPooling("mean"), "graph_pooling_mean", "graph_ids", pooled=True
    )
    equals_pyg(
        GraphPooling("max"), "graph_pooling_max", "graph_ids", pooled=True
    )
