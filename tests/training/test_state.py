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
    first, second = model(), model()  # their layers have other numbers
    for made in (first, second):
        made.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    values = state.values_of(state.variables_of(first))
    state.restore_variables(state.variables_of(second), values)
    for left, right in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(left, right)
    with pytest.raises(ValueError, match="another model.*first difference"):
        state.restore_variables(state.variables_of(model(units=3)), values)


@pytest.mark.parametrize("how", ["graph", "xla", "eager"])
def test_values_do_not_change_with_their_variables(how):
    inputs = keras.Input((3,), dtype="int32")
    # An embedding is updated row by row, the rest as a whole.
    x = keras.layers.Flatten()(keras.layers.Embedding(5, 4)(inputs))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(8)(x))
    made = Model(inputs, keras.layers.Dropout(0.1)(x))
    made.compile(
        "adam", "mse", run_eagerly=how == "eager", jit_compile=how == "xla"
    )
    made.noise = tf.random.Generator.from_seed(1)
    x, y = np.arange(12).reshape(4, 3) % 5, np.ones((4, 8))
    made.fit(x, y, verbose=0)
    variables = state.variables_of(made)
    variables["noise"] = made.noise.state
    values = state.values_of(variables)
    before = {name: value.copy() for name, value in values.items()}
    made.fit(x, y, epochs=3, verbose=0)
    made.noise.normal((2,))
    changed = ""
    for name, variable in variables.items():
        np.testing.assert_array_equal(values[name], before[name])
        now = keras.ops.convert_to_numpy(variable)
        changed += "" if np.array_equal(now, before[name]) else name + " "
    for part in ("embeddings", "kernel", "moving_mean", "momentum", "seed"):
        assert part in changed
    assert "noise" in changed and "iteration" in changed


@pytest.mark.skipif(
    bool(tf.config.list_physical_devices("GPU")), reason="values are copied"
)
def test_values_of_variables_on_the_cpu_are_not_copied():
    variable = keras.Variable(np.ones((100, 100), "float32"))
    first, second = (state.values_of({"a": variable})["a"] for _ in range(2))
    assert np.shares_memory(first, second)
    assert not first.flags.writeable


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


def test_what_is_drawn_in_between_is_seeded_and_goes_unnoticed():
    def draw():
        return [
            random.random(),
            float(np.random.rand()),
            float(keras.random.normal(())),
            float(tf.random.uniform(())),
        ]

    keras.utils.set_random_seed(3)
    expected = draw() + draw()
    keras.utils.set_random_seed(3)
    found, between = draw(), []
    for _ in range(2):
        with state.seeded(5):
            between.append(draw())
    assert found + draw() == expected
    assert between[0][:2] == between[1][:2] and between[0][3] == between[1][3]
