import keras
import pytest
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.call_recorder import of_graph
from keras_nn.callbacks.model_graph import ModelGraph
from keras_nn.callbacks.model_graph import conceptual_graph


def edges(model, *shapes):
    with CallRecorder(model) as recorder:
        concrete = tf.function(
            lambda *x: model(x if len(x) > 1 else x[0])
        ).get_concrete_function(
            *[tf.TensorSpec((None, *shape)) for shape in shapes]
        )
    graph = conceptual_graph(model, of_graph(recorder.calls, concrete.graph))
    return {
        layer["config"]["name"]: {
            source["config"]["keras_history"][0]
            for node in layer["inbound_nodes"]
            for source in node["args"][0]
        }
        for layer in graph["config"]["layers"]
    }


def test_edges_pass_through_plain_operations_and_shared_layers():
    a, b = keras.Input((2,)), keras.Input((2,))
    shared = keras.layers.Dense(3, name="shared")
    x = keras.ops.tanh(shared(a)) * shared(b)
    model = keras.Model((a, b), keras.layers.Dense(1, name="head")(x))
    assert edges(model, (2,), (2,)) == {
        "input_0": set(),
        "input_1": set(),
        "shared": {"input_0", "input_1"},
        "head": {"shared"},
        "output": {"head"},
    }


def test_nothing_to_write_before_the_first_step():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    graph = ModelGraph()
    graph.attach(model)
    assert not graph.write()
    graph.detach()
    assert "call" not in vars(model)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_recurrent_layer_is_one_node(kind):
    model = keras.Sequential(
        [keras.Input((4, 2)), getattr(keras.layers, kind)(3, name="rnn")]
    )
    assert edges(model, (4, 2)) == {
        "input": set(),
        "rnn": {"input"},
        "output": {"rnn"},
    }
