import keras
import numpy as np
import pytest

from keras_nn import training
from keras_nn.testing import accumulated_step
from keras_nn.testing.training_run import plain_descent

BATCH = (np.arange(10.0).reshape(5, 2) / 10, np.ones((5, 1)))


def build(normalise):
    inputs = x = keras.Input((2,))
    if normalise:
        x = keras.layers.BatchNormalization()(x)
    model = training.Model(inputs, keras.layers.Dense(1)(x))
    model.compile(plain_descent(), "mse")
    return model


def test_the_engine_passes():
    accumulated_step.check_accumulated_step(lambda: build(False), BATCH)


def test_what_looks_across_a_batch_is_caught():
    with pytest.raises(AssertionError, match="after two accumulated batches"):
        accumulated_step.check_accumulated_step(lambda: build(True), BATCH)
