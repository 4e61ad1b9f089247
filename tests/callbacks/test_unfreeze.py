import keras
import numpy as np
import pytest

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import Unfreeze
from keras_nn.testing import check_callback
from keras_nn.training import Model

X = np.random.default_rng(0).normal(size=(24, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def make():
    keras.utils.set_random_seed(1)
    inputs = keras.Input((3,))
    old = keras.Sequential(
        [
            keras.layers.Dense(4, name="dense"),
            keras.layers.BatchNormalization(name="norm"),
        ],
        name="old",
    )
    model = Model(inputs, keras.layers.Dense(1, name="new")(old(inputs)))
    model.compile(keras.optimizers.Adam(0.05), "mse")
    return model


class Weights(keras.callbacks.Callback):
    """Notes the weights at the end of each epoch."""

    def __init__(self, name):
        super().__init__()
        self.name, self.found = name, []

    def on_epoch_end(self, epoch, logs=None):
        weights = self.model.get_layer(self.name).get_weights()
        self.found.append(np.concatenate([w.ravel() for w in weights]))


def test_conformance():
    model = make()
    part = model.get_layer("old")
    check_callback(
        Unfreeze,
        {"layer": part, "epoch": 1},
        model=lambda: model,
        x=X,
        y=Y,
        observes=False,
    )


def test_a_frozen_part_stands_still_and_then_learns():
    model = make()
    before = np.concatenate(
        [w.ravel() for w in model.get_layer("old").get_weights()]
    )
    old, new = Weights("old"), Weights("new")
    unfreeze = Unfreeze(model.get_layer("old"), 2)
    model.fit(
        X, Y, epochs=4, batch_size=8, verbose=0, callbacks=[unfreeze, old, new]
    )
    # Moving statistics stand still, too.
    np.testing.assert_array_equal(old.found[0], before)
    np.testing.assert_array_equal(old.found[1], before)
    assert np.abs(old.found[2] - before).max() > 0
    assert np.abs(new.found[1] - new.found[0]).max() > 0
    assert all(layer.trainable for layer in model.layers)


def test_an_interrupted_training_goes_on_in_either_phase(tmp_path):
    def callbacks(model, folder):
        return [Unfreeze(model.get_layer("old"), 2), Checkpoint(folder)]

    whole = make()
    whole.fit(
        X,
        Y,
        epochs=4,
        batch_size=8,
        verbose=0,
        callbacks=callbacks(whole, tmp_path / "whole"),
    )
    for stop in (1, 3):
        folder = tmp_path / str(stop)
        for epochs in (stop, 4):
            model = make()
            model.fit(
                X,
                Y,
                epochs=epochs,
                batch_size=8,
                verbose=0,
                callbacks=callbacks(model, folder),
            )
        for a, b in zip(whole.weights, model.weights, strict=True):
            np.testing.assert_array_equal(a, b)


def test_parts_are_set_free_one_after_another():
    model = make()
    old = model.get_layer("old")
    parts = [old.get_layer("norm")], [old.get_layer("dense")]
    weights = Weights("old")
    free = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            free.append([part[0].trainable for part in parts])

    unfreezing = [Unfreeze(part, 1 + i) for i, part in enumerate(parts)]
    model.fit(
        X, Y, epochs=3, verbose=0, callbacks=[*unfreezing, weights, Look()]
    )
    assert free == [[False, False], [True, False], [True, True]]
    kernel = slice(0, 12)  # and then the bias, 0, and the normalisation
    first, second, third = (found[kernel] for found in weights.found)
    np.testing.assert_array_equal(first, second)
    assert np.abs(third - second).max() > 0


def test_refuses_what_cannot_be_frozen():
    with pytest.raises(ValueError, match="Received: epoch=0"):
        Unfreeze(make().get_layer("old"), 0)
    with pytest.raises(ValueError, match="must have weights"):
        Unfreeze(keras.layers.ReLU(), 1)
