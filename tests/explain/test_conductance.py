import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import Conductance

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def test_all_that_passes_adds_up_to_the_change_of_the_score():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(6, "tanh", name="hidden"),
            layers.Dense(5, "tanh"),
            layers.Dense(3, "softmax"),
        ]
    )
    few, many = (
        # Portions of rows end inside of an example's way.
        Conductance(model, "hidden", n_steps=steps, batch_size=7)(X, 2)
        for steps in (10, 300)
    )
    assert np.abs(many.convergence_delta).max() < 1e-2
    assert (
        np.abs(many.convergence_delta).max()
        < np.abs(few.convergence_delta).max() / 5
    )
    with pytest.raises(ValueError, match="Received: n_steps=0"):
        Conductance(model, "hidden", n_steps=0)


def test_a_unit_that_nothing_follows_carries_nothing():
    inputs = keras.Input((4,))
    hidden = layers.Dense(2, name="hidden")(inputs)
    model = keras.Model(inputs, hidden[:, :1])
    found = Conductance(model, "hidden", n_steps=4)(X, baselines=1.0)
    np.testing.assert_array_equal(found.attributions[:, 1], 0)
    np.testing.assert_allclose(found.convergence_delta, 0, atol=1e-5)
