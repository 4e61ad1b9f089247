import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn import training
from keras_nn.testing import compiled_steps

X = np.ones((3, 4, 4, 1), "float32")


def model(*layers):
    inputs = x = keras.Input((4, 4, 1))
    for layer in (*layers, keras.layers.Flatten(), keras.layers.Dense(1)):
        x = layer(x)
    model = training.Model(inputs, x)
    model.compile("adam", "mse", metrics=["mae"])
    return model


def test_what_xla_compiles_passes():
    layers = keras.layers.RandomFlip(), keras.layers.Conv2D(2, 3)
    compiled_steps.check_compiled_steps(model(*layers), (X, X[:, 0, 0]))


def test_an_operation_of_the_host_is_caught():
    shift = model(keras.layers.RandomTranslation(0.2, 0.2))
    with pytest.raises(AssertionError, match="compile the train_step of Model"):
        compiled_steps.check_compiled_steps(shift, (X, X[:, 0, 0]))


def test_a_shape_that_depends_on_values_is_caught():
    class Picky(training.Model):
        def predict_step(self, data):
            y = super().predict_step(data)
            return tf.zeros([tf.cast(tf.reduce_sum(tf.abs(y)), "int32")])

    inputs = keras.Input((1,))
    picky = Picky(inputs, keras.layers.Dense(2)(inputs))
    picky.compile("sgd", "mse")
    with pytest.raises(AssertionError, match="the predict_step of Picky"):
        compiled_steps.check_compiled_steps(picky, (X[:2, 0, 0], X[:2, 0, 0]))
