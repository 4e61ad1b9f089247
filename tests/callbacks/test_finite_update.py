import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.finite_update import FiniteUpdate
from keras_nn.training.replicas import all_finite


@pytest.fixture
def model():
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.BatchNormalization()]
    )
    model.compile("sgd", "mse")
    return model


def test_finite_gradients_pass(model):
    gradients = [tf.constant([1.0, 2.0]), None]
    applied = FiniteUpdate(model).apply(gradients, gradients)
    np.testing.assert_array_equal(applied[0], [1.0, 2.0])
    assert applied[1] is None


def test_one_nan_zeroes_every_gradient_and_mends_the_state(model):
    update = FiniteUpdate(model)
    mean = model.non_trainable_variables[0]
    mean.assign([3.0, 4.0])
    update.remember()
    mean.assign([float("nan"), 5.0])
    gradients = [tf.constant([1.0, 2.0]), tf.constant([float("inf")])]

    applied = update.apply(gradients, gradients)

    np.testing.assert_array_equal(applied[0], [0.0, 0.0])
    np.testing.assert_array_equal(applied[1], [0.0])
    np.testing.assert_array_equal(mean.numpy(), [3.0, 4.0])


def test_no_gradients_are_finite():
    assert bool(all_finite([None]))
