import random

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.training import Model
from keras_nn.training import state


def model(units=2):
    inputs = keras.Input((3,))
    x = keras.layers.Dropout(0.5)(keras.layers.Dense(units)(inputs))
    made = Model(inputs, x)
    made.compile("adam", "mse", metrics=["mae"])
    made.own = tf.Variable(1.0)
    return made


def test_holds_weights_seeds_optimiser_metrics_and_own_variables():
    made = model()
    made.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    names = " ".join(state.variables_of(made))
    for part in ("kernel", "seed_generator_state", "iteration", "momentum"):
        assert part in names
    assert "metric/" in names and "other/" in names


def test_values_go_back_into_a_model_of_the_same_kind_only():
    first, second = model(), model()
    values = state.values_of(state.variables_of(first))
    state.restore_variables(state.variables_of(second), values)
    for left, right in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(left, right)
    with pytest.raises(ValueError, match="another model.*first difference"):
        state.restore_variables(state.variables_of(model(units=3)), values)


def test_every_source_of_random_numbers_goes_on():
    def draw():
        return [
            random.random(),
            float(np.random.rand()),
            float(keras.random.normal(())),
            float(tf.random.get_global_generator().normal(())),
        ]

    draw()
    before = state.random_state()
    expected = draw()
    keras.utils.set_random_seed(99)
    assert draw() != expected
    state.restore_random_state(before)
    assert draw() == expected
