import numpy as np

from keras_nn.layers import MessageNormalization
from keras_nn.testing import check_layer
from keras_nn.testing.numbers import assert_close


def test_conformance():
    inputs = {"node_features": (2, 5, 3), "messages": (2, 5, 3)}
    check_layer(MessageNormalization, {"learn_scale": True}, inputs)


def test_equals_pyg(pyg):
    found = pyg
    layer = MessageNormalization(learn_scale=True)
    inputs = {
        "node_features": found["graph/node_features"].astype("float32"),
        "messages": found["graph/initial_features"].astype("float32"),
    }
    layer(inputs)
    layer.scale.assign(found["message_norm/weight_0"])
    assert_close(layer(inputs), found["message_norm/output"], "MessageNorm")


def test_no_message_stays_none():
    graph = {
        "node_features": np.ones((1, 2), "float32"),
        "messages": np.zeros((1, 2), "float32"),
    }
    assert not np.asarray(MessageNormalization()(graph)).any()
