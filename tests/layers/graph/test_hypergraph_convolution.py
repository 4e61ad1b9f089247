import keras
import numpy as np
from keras import ops

from keras_nn.data.graphs import hypergraph
from keras_nn.layers import HypergraphConvolution
from keras_nn.testing import check_layer
from keras_nn.testing.backend import gradients
from keras_nn.testing.numbers import assert_close


def test_conformance(packs):
    check_layer(HypergraphConvolution, {"units": 4}, packs("edge_weights"))


def test_equals_pyg(pyg):
    found = pyg
    members, strength = found["graph/members"], found["graph/strength"]
    graph = hypergraph(
        found["graph/node_features"],
        [members[members[:, 1] == e, 0] for e in range(3)],
        strength,
    )
    layer = HypergraphConvolution(3)
    features = keras.Variable(graph["node_features"])
    layer(graph)
    for index, weight in enumerate(layer.trainable_weights):
        weight.assign(found[f"hypergraph/weight_{index}"])

    def loss():
        y = layer({**graph, "node_features": features.value})[:9]
        projection = found["hypergraph/projection"].astype("float32")
        return ops.sum(y * projection), y

    _, y, made = gradients(loss, [features, *layer.trainable_weights])
    assert_close(y, found["hypergraph/output"], "hypergraph")
    made[0] = made[0][:9]
    wanted = ["input_gradient", "gradient_0", "gradient_1"]
    wanted = [found[f"hypergraph/{name}"] for name in wanted]
    assert_close(made, wanted, "gradients of hypergraph")


def test_a_node_in_no_hyperedge_gets_the_bias_alone():
    graph = hypergraph(np.ones((3, 2)), [[0, 1]])
    y = np.asarray(HypergraphConvolution(2, bias_initializer="ones")(graph))
    np.testing.assert_array_equal(y[2], [1, 1])
