import keras
import numpy as np
import pytest

from keras_nn.testing import two_replicas
from keras_nn.training import Model


def fit_on_two(optimizer="sgd", **compile_options):
    with two_replicas().scope():
        inputs = keras.Input((2,))
        model = Model(inputs, keras.layers.Dense(1)(inputs))
        model.compile(optimizer, "mse", **compile_options)
        model.fit(np.ones((4, 2)), np.ones((4, 1)), 4, verbose=0)
    return model


def test_xla_on_replicas_is_refused():
    with pytest.raises(ValueError, match="Received: jit_compile=True, 2 repl"):
        fit_on_two(jit_compile=True)


def test_an_optimiser_from_outside_the_scope_is_refused():
    outside = keras.optimizers.SGD(gradient_accumulation_steps=2)
    with pytest.raises(ValueError, match="'sgd' of _Default.*Mirrored"):
        fit_on_two(outside)


def test_a_model_from_outside_the_scope_is_refused():
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with two_replicas().scope():
        with pytest.raises(ValueError, match="inside `with strategy.scope"):
            model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
