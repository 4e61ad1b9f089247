import random

import keras
import numpy as np
import pytest

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import TensorBoard
from keras_nn.testing import read_events
from keras_nn.training import Model
from keras_nn.training import state

EPOCHS = 3
STEPS = 4


class Killed(BaseException):
    """What ends a run in the middle, as if the process had gone."""


class KillAt(keras.callbacks.Callback):
    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_begin(self, logs=None):
        self._first = int(self.model.optimizer.iterations)

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == self.step:
            raise Killed


def make():
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    x = keras.layers.Dropout(0.5)(x)
    x = keras.layers.BatchNormalization()(x)
    model = Model(inputs, keras.layers.Dense(3)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def run(folder, kill_at=None, **options):
    """A fit, killed or not: the model and its history."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(14, 4)).astype("float32")
    y = x[:, :3].argmax(-1)
    model = make()
    callbacks = [
        Checkpoint(folder / "checkpoint", **{"every_steps": 1, **options}),
        TensorBoard(folder, update_freq=1),
        keras.callbacks.EarlyStopping(patience=9, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(patience=0, min_delta=1.0),
    ]
    if kill_at is not None:
        callbacks.append(KillAt(kill_at))
    history = None
    try:
        history = model.fit(
            x,
            y,
            batch_size=4,
            epochs=EPOCHS,
            validation_data=(x, y),
            verbose=0,
            callbacks=callbacks,
        )
    except Killed:
        pass
    return model, history


def steps_of(folder):
    return {
        (name, tag): [event.step for event in events]
        for name, tags in read_events(folder).items()
        for tag, events in tags.items()
    }


def assert_same(run, other):
    (model, history), (again, resumed) = run, other
    values = state.copy_of(state.variables_of(model)).values()
    others = state.copy_of(state.variables_of(again)).values()
    for left, right in zip(values, others, strict=True):
        np.testing.assert_array_equal(left, right)
    assert history.history == resumed.history
    assert history.epoch == resumed.epoch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return folder, run(folder)


KILLS = random.Random(0).sample(range(1, EPOCHS * STEPS), 10)


@pytest.mark.parametrize("first", KILLS)
def test_a_run_killed_twice_equals_the_one_that_was_not(whole, tmp_path, first):
    folder, expected = whole
    every = random.Random(first).randint(1, 5)
    second = random.Random(-first).randint(first, EPOCHS * STEPS - 1)
    for kill_at in (first, second):
        assert run(tmp_path, kill_at, every_steps=every)[1] is None
    assert_same(expected, run(tmp_path, every_steps=every))
    assert steps_of(tmp_path) == steps_of(folder)
