import keras
import numpy as np
import pytest

from keras_nn.callbacks import checkpoint_content
from keras_nn.training import Model
from keras_nn.training import state


class Best(keras.callbacks.Callback):
    """Remembers an array, and goes on writing to it."""

    def on_train_begin(self, logs=None):
        self.best = np.zeros(3)

    def on_epoch_end(self, epoch, logs=None):
        self.best += 1


class Capture(keras.callbacks.Callback):
    """Takes the state before the second epoch, or gives one back."""

    comes_last = True

    def __init__(self, others, content=None):
        super().__init__()
        self.others = others
        self.content = content

    def prepare_fit(self, session):
        self.session = session

    def on_train_begin(self, logs=None):
        if self.content is not None:
            checkpoint_content.restore(*self.content, self.session, self.others)

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            self.content = checkpoint_content.capture(
                self.session, self.others, [], None
            )
            self.values = values_of(self.model)


def values_of(model):
    return [
        value.copy()
        for value in state.values_of(state.variables_of(model)).values()
    ]


def fit(callbacks, units=2, epochs=3, initial_epoch=0):
    inputs = keras.Input((3,))
    model = Model(inputs, keras.layers.Dense(units)(inputs))
    model.compile("adam", "mse", metrics=["mae"])
    x = np.random.default_rng(0).normal(size=(4, 3))
    model.fit(
        x,
        np.ones((4, units)),
        epochs=epochs,
        initial_epoch=initial_epoch,
        verbose=0,
        callbacks=callbacks,
    )
    return model


def test_what_was_captured_stays_and_comes_back():
    best = Best()
    capture = Capture([best])
    fit([best, capture])
    state_of_it, arrays = capture.content
    kept = [arrays[name] for name in state_of_it["variables"]]
    for value, expected in zip(kept, capture.values, strict=True):
        np.testing.assert_array_equal(value, expected)
    assert best.best.tolist() == [3, 3, 3]

    again = Best()
    # Of no more epochs: nothing is trained behind the restoring.
    model = fit([again, Capture([again], capture.content)], initial_epoch=3)
    assert again.best.tolist() == [1, 1, 1]
    for value, expected in zip(values_of(model), capture.values, strict=True):
        np.testing.assert_array_equal(value, expected)
    assert model.history.epoch == [0]


def test_metrics_come_back_alone():
    capture = Capture([])
    model = fit([capture])
    weights = model.get_weights()
    model.reset_metrics()
    checkpoint_content.restore_metrics(*capture.content, model)
    assert float(model.get_metrics_result()["loss"]) > 0
    for left, right in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(left, right)


def test_refuses_another_model():
    capture = Capture([])
    fit([capture])
    with pytest.raises(ValueError, match="of another model"):
        fit([Capture([], capture.content)], units=4)
