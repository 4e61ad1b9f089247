from keras_nn.layers import TopKPooling
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(TopKPooling, {"ratio": 0.6}, packs("graph_ids", "node_mask"))
