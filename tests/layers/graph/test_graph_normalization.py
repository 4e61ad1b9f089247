from keras_nn.layers import GraphNormalization
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(GraphNormalization, {"epsilon": 0.001}, packs("graph_ids"))


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphNormalization(), "graph_normalization", "graph_ids")
