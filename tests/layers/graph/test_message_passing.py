import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import MessagePassing
from keras_nn.testing import check_layer
from keras_nn.testing.backend import compiled


def test_conformance(packs):
    arguments = {"aggregator": ["sum", "std", "softmax"]}
    check_layer(MessagePassing, arguments, packs("edge_weights"))


def test_sums_what_arrives_times_the_weights(golden):
    graph = golden("node_features", "edge_index", "edge_weights")
    expected = np.zeros_like(graph["node_features"])
    for (source, target), weight in zip(
        graph["edge_index"], graph["edge_weights"], strict=True
    ):
        expected[target] += weight * graph["node_features"][source]
    y = ops.convert_to_numpy(MessagePassing()(graph))
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


class Differences(MessagePassing):
    def message(self, graph, nodes):
        return graph.of_source(nodes) - graph.of_target(nodes)

    def update(self, graph, nodes, received):
        return nodes + received


def test_an_operator_is_a_message_and_an_update():
    graph = {
        "node_features": np.array([[1.0], [5.0]], "float32"),
        "edge_index": np.array([[0, 1]], "int32"),
    }
    assert np.ravel(Differences()(graph)).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("edge", [[0, 7], [7, 0], [-1, 1], [1, -5]])
def test_an_edge_out_of_range_sends_nothing(edge, jit):
    graph = {
        "node_features": np.arange(12, dtype="float32").reshape(2, 3, 2),
        "edge_index": np.array([[[0, 1], edge], [edge, [2, 2]]], "int32"),
    }
    y = ops.convert_to_numpy(compiled(MessagePassing(), [], jit=jit)(graph))
    expected = np.zeros((2, 3, 2))
    expected[0, 1], expected[1, 2] = [0, 1], [10, 11]
    np.testing.assert_array_equal(y, expected)


def test_no_edges_are_no_messages(packs):
    graph = packs()
    graph["edge_index"] = graph["edge_index"][:, :0]
    assert not np.any(MessagePassing("max")(graph))


def test_refuses_an_aggregator_that_is_unknown(packs):
    with pytest.raises(ValueError, match="aggregator='mode'"):
        MessagePassing("mode")(packs())


def test_one_graph_in_a_functional_model():
    inputs = {
        "node_features": keras.Input(
            batch_shape=(None, 2), name="node_features"
        ),
        "edge_index": keras.Input(
            batch_shape=(None, 2), dtype="int32", name="edge_index"
        ),
    }
    model = keras.Model(inputs, MessagePassing()(inputs))
    graph = {
        "node_features": np.ones((4, 2), "float32"),
        "edge_index": np.array([[3, 0]], "int32"),
    }
    assert ops.convert_to_numpy(model(graph)).sum() == 2
