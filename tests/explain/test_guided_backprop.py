import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import Deconvolution
from keras_nn.explain import GuidedBackprop

X = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")


def test_equals_the_definition():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((5,)), layers.Dense(7, "relu"), layers.Dense(2)]
    )
    first, bias, last, _ = model.get_weights()
    back = np.maximum(last[:, 1], 0) * np.ones((4, 1))
    is_on = X @ first + bias > 0
    np.testing.assert_allclose(
        GuidedBackprop(model)(X, 1).attributions,
        (back * is_on) @ first.T,
        atol=1e-5,
    )
    np.testing.assert_allclose(
        Deconvolution(model)(X, 1).attributions, back @ first.T, atol=1e-5
    )


def test_refuses_a_model_without_relus():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2, "tanh")])
    with pytest.raises(ValueError, match="guided-backprop is defined by ReLUs"):
        GuidedBackprop(model)(X)
