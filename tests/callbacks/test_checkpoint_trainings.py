"""Every kind of training goes on as if it had not been killed."""

import contextlib

import keras
import numpy as np
import pytest

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import checkpoint_files
from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.training import Model
from keras_nn.training import MultiPlayerModel
from keras_nn.training import state

X = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")


class Killed(BaseException):
    """What ends a run in the middle, as if the process had gone."""


class KillAtCall(keras.callbacks.Callback):
    """At the `count`-th execution of this process."""

    def __init__(self, count):
        super().__init__()
        self.count = count

    def on_train_batch_end(self, batch, logs=None):
        self.count -= 1
        if self.count == 0:
            raise Killed


def fit(make, folder, every_steps, kill_at=None, **data):
    """What is left of a run, killed or not: values and history."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    model = make()
    callbacks = [Checkpoint(folder, None, every_steps=every_steps)]
    if kill_at is not None:
        callbacks.append(KillAtCall(kill_at))
    with contextlib.suppress(Killed):
        model.fit(epochs=3, verbose=0, callbacks=callbacks, **data)
    values = state.values_of(state.variables_of(model)).values()
    return list(values), model.history.history


def assert_goes_on(make, folder, every_steps, kills, **data):
    expected = fit(make, folder / "whole", every_steps, **data)
    for kill_at in kills:
        fit(make, folder / "killed", every_steps, kill_at, **data)
    received = fit(make, folder / "killed", every_steps, **data)
    for left, right in zip(received[0], expected[0], strict=True):
        np.testing.assert_array_equal(left, right)
    assert received[1] == expected[1]


@pytest.mark.parametrize(
    "policy", slow_but("mixed_float16", of=["float32", "mixed_float16"])
)
def test_two_players(tmp_path, policy):
    def make():
        model = TugOfWar(dtype=policy)
        model.compile({"left": "adam", "right": "rmsprop"})
        return model

    data = {"x": X[:12, :1], "batch_size": 3}
    assert_goes_on(make, tmp_path, 2, [3, 2], **data)


class TugOfWar(MultiPlayerModel):
    schedule = ("left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = self.add_weight(name="left", initializer="ones")
        self.right = self.add_weight(name="right", initializer="ones")
        self.dropout = keras.layers.Dropout(0.5)
        self.built = True

    def player_weights(self, player):
        return [getattr(self, player)]

    def player_loss(self, player, x, y, sample_weight, training):
        x = keras.ops.cast(self.dropout(x, training=training), "float32")
        pull = self.left * x - self.right * x**2
        pull = keras.ops.mean(keras.ops.tanh(pull) ** 2)
        return pull if player == "left" else -pull

    def call(self, x):
        return x * (self.left - self.right)


def network():
    inputs = keras.Input((3,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    x = keras.layers.BatchNormalization()(keras.layers.Dropout(0.5)(x))
    return Model(inputs, keras.layers.Dense(3)(x))


@pytest.mark.slow
def test_two_replicas(tmp_path):
    def make():
        with two_replicas().scope():
            model = network()
            model.compile("adam", "mse", metrics=["mae"])
        return model

    # The last batch of an epoch is smaller.
    assert_goes_on(make, tmp_path, 2, [5], x=X, y=X, batch_size=6)


def test_several_steps_in_one_execution(tmp_path):
    def make():
        model = network()
        model.compile("adam", "mse", steps_per_execution=3)
        return model

    data = {"x": X, "y": X, "batch_size": 2}
    fit(make, tmp_path / "begun", 4, kill_at=3, **data)
    (checkpoint,) = checkpoint_files.found(tmp_path / "begun")
    # Steps 1 to 6 are behind it: it comes when the fourth is passed.
    assert checkpoint_files.read(checkpoint)[0]["step"] == 6
    assert_goes_on(make, tmp_path, 4, [3], **data)
