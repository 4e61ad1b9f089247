import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_nn.explain import graphs


class Foreign(keras.Model):
    """Calls a TensorFlow function on its input."""

    def __init__(self):
        super().__init__()
        self.head = layers.Dense(2)

    def call(self, inputs):
        return self.head(tf.nn.relu(inputs))


def test_trace_computes_what_call_does_in_inference_mode():
    layer = layers.Dropout(0.5)
    graph = graphs.trace(layer, (keras.Input((3,)),), {})
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(graph([x], training=True), x)


def test_rejects_what_keras_cannot_trace():
    model = Foreign()
    model(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="Foreign cannot be traced.*Received"):
        graphs.graph_of(model, np.zeros((1, 3)))
    with pytest.raises(ValueError, match="Received: .*no example"):
        graphs.graph_of(model)


def test_products_with_numbers_stay_dense_inside_only():
    before = keras.src.ops.numpy.Multiply.compute_output_spec
    with graphs._dense_products():
        assert not (keras.Input((3,)) * 2.0).sparse
    assert keras.src.ops.numpy.Multiply.compute_output_spec is before


def test_a_copy_is_in_single_precision():
    twin = graphs.copy_of(layers.Dense(2, dtype="mixed_float16", name="a"))
    assert twin.dtype_policy.name == "float32" and twin.name == "a"
    wrapped = layers.TimeDistributed(layers.Dense(2, dtype="bfloat16"))
    assert graphs.copy_of(wrapped).layer.compute_dtype == "float32"


def test_single_precision_keeps_integers_other_than_pictures():
    found = [graphs.single_precision(d) for d in ("uint8", "float16", "int32")]
    assert found == ["float32", "float32", "int32"]


def test_takes_an_activation_off_where_it_ends_a_layer():
    dense = keras.layers.Dense(2, "relu", name="dense")
    activation = graphs.take_activation(dense)
    assert activation.name == "dense_activation"
    assert activation.activation is keras.activations.relu
    assert dense.activation is keras.activations.linear
    assert graphs.take_activation(dense) is None
    assert graphs.take_activation(keras.layers.LSTM(2)) is None


def test_knows_whose_weights_a_graph_holds():
    class Own(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = keras.layers.Dense(3)
            self.scale = self.add_weight(shape=(3,))

        def call(self, inputs):
            return self.inner(inputs) * self.scale

    tensor = keras.Input((2,))
    layer = Own()
    layer(tensor)
    assert not graphs.owns_weights(graphs.trace(layer, (tensor,), {}), layer)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    assert graphs.owns_weights(graphs.known_graph(model), model)
