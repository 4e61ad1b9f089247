import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras import ops

from keras_nn.explain.ruled_gradients import RuledGradients
from keras_nn.explain.ruled_gradients import activation_of
from keras_nn.explain.ruled_gradients import is_relu
from keras_nn.explain.ruled_gradients import with_gradient_of
from keras_nn.explain.ruled_gradients import with_slope


def test_activations_are_found_as_layers_and_as_operations():
    x = keras.Input((3,))
    outputs = [ops.relu(x), ops.gelu(x), keras.activations.relu(x), x + 1.0]
    operations = [t._keras_history.operation for t in outputs]
    found = [activation_of(o) is not None for o in operations]
    assert found == [True, True, True, False]
    assert [is_relu(o) for o in operations] == [True, False, True, False]
    for layer, activates, relu in (
        (layers.ReLU(), True, True),
        (layers.Activation("relu"), True, True),
        (layers.Activation("tanh"), True, False),
        (layers.Activation("softmax"), False, False),
        (layers.LeakyReLU(), True, False),
        (layers.Dense(2), False, False),
    ):
        assert (activation_of(layer) is not None) is activates
        assert is_relu(layer) is relu


def test_values_stay_and_gradients_are_those_asked_for():
    x = tf.constant([1.0, -2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        sloped = with_slope(x**2, x, x + 10.0)
        borrowed = with_gradient_of(x**2, 5.0 * x)
    np.testing.assert_array_equal(sloped, x**2)
    np.testing.assert_array_equal(borrowed, x**2)
    np.testing.assert_array_equal(tape.gradient(sloped, x), [11, 8])
    np.testing.assert_array_equal(tape.gradient(borrowed, x), [5, 5])


def test_the_rule_sees_every_operation_of_a_nested_model():
    class Kinds(RuledGradients):
        method = "kinds"
        seen = []

        def rule(self, operation, *args, **kwargs):
            self.seen.append(type(operation).__name__)
            return operation(*args, **kwargs)

        def attribute(self, flat, targets):
            return self.ruled(flat, targets), None

    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, "relu")])
    model = keras.Sequential([inner, layers.Dense(2, "softmax")])
    explain = Kinds(model)
    found = explain(np.ones((5, 3)), 1)
    assert found.attributions.shape == (5, 3)
    assert Kinds.seen[:3] == ["Dense", "Activation", "Dense"]
