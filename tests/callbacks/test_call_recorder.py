import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.call_recorder import innermost
from keras_nn.callbacks.call_recorder import of_graph


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Dense(3, name="first")

    def call(self, inputs):
        return keras.ops.relu(self.first(inputs))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block(name="block")
        self.head = keras.layers.Dense(2, name="head")

    def call(self, inputs):
        return self.head(self.block(inputs))


def functional():
    inputs = keras.Input((4,))
    x = Block(name="block")(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, name="head")(x))


def sequential():
    return keras.Sequential(
        [
            keras.Input((4,)),
            Block(name="block"),
            keras.layers.Dense(2, name="head"),
        ]
    )


X = np.ones((1, 4), "float32")


@pytest.mark.parametrize("make", [functional, sequential, Net])
def test_records_every_layer_and_leaves_no_trace(make):
    model = make()
    expected = model(X)
    with CallRecorder(model) as recorder:
        outputs = model(X)
    model(X)

    paths = [call.path for call in recorder.calls]
    assert paths == ["block/first", "block", "head", ""]
    leaves = [call.path for call in innermost(recorder.calls)]
    assert leaves == ["block/first", "head"]
    np.testing.assert_array_equal(outputs, expected)
    np.testing.assert_array_equal(recorder.calls[2].outputs[0], outputs)
    assert "call" not in vars(model) and "call" not in vars(model.layers[-1])


def test_what_happens_inside_a_loop_is_not_of_the_graph():
    model = keras.Sequential(
        [keras.Input((5, 2)), keras.layers.SimpleRNN(3, name="rnn")]
    )
    with CallRecorder(model) as recorder:
        concrete = tf.function(model).get_concrete_function(
            tf.TensorSpec((None, 5, 2))
        )
    inside = of_graph(recorder.calls, concrete.graph)
    assert [call.path for call in innermost(inside)] == ["rnn"]


@pytest.mark.parametrize("first", [0, 1])
def test_two_recorders_end_in_any_order(first):
    model = functional()
    recorders = [CallRecorder(model), CallRecorder(model)]
    for recorder in recorders:
        recorder.__enter__()
    model(X)
    recorders[first].__exit__()
    model(X)
    recorders[1 - first].__exit__()
    model(X)
    assert len(recorders[first].calls) == 4
    assert len(recorders[1 - first].calls) == 8
    assert "call" not in vars(model.layers[-1])
