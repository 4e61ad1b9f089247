import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.models import MLP
from keras_nn.testing import two_replicas
from keras_nn.training import Model
from keras_nn.training import refusals


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


def test_a_model_from_outside_the_scope_is_refused():
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with two_replicas().scope():
        with pytest.raises(ValueError, match="inside `with strategy.scope"):
            model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)


def test_a_layer_that_no_tpu_can_run_is_refused():
    inputs = keras.Input((4, 4, 1))
    shift = keras.layers.RandomTranslation(0.1, 0.1, name="shift")
    flip = keras.layers.RandomFlip("horizontal", name="flip")
    refusals.check_layers_compile(Model(inputs, flip(inputs)))
    with pytest.raises(ValueError, match="RandomTranslation 'shift', which"):
        refusals.check_layers_compile(Model(inputs, shift(inputs)))


X, Y = np.ones((8, 2)), np.ones((8, 1))


def accumulating():
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile(keras.optimizers.SGD(gradient_accumulation_steps=2), "mse")
    return model


def test_refuses_an_epoch_that_cuts_an_update():
    with pytest.raises(ValueError, match="multiple of.*=2.*Received.*=3"):
        accumulating().fit(X, Y, 2, steps_per_epoch=3, verbose=0)


def test_refuses_a_single_batch():
    with pytest.raises(ValueError, match="one update of what it is given"):
        accumulating().train_on_batch(X, Y)


def test_an_application_around_a_network_from_outside_is_refused():
    network = MLP(False, input_shape=(4, 4, 1), units=[2])
    with two_replicas().scope():
        app = ImageClassifier(network, num_classes=2)
        app.compile()
        with pytest.raises(ValueError, match="a part of it.*kernel' of no str"):
            app.fit(np.ones((4, 4, 4, 1)), np.array([0, 1, 0, 1]), verbose=0)


def test_a_model_of_one_of_several_workers_must_join_them(monkeypatch):
    monkeypatch.setattr(refusals, "joins_workers", lambda: True)
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="each of which would train its own"):
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
