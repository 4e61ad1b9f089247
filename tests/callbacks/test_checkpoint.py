import os
import random
import signal

import keras
import numpy as np
import pytest

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import TensorBoard
from keras_nn.callbacks import checkpoint_files
from keras_nn.testing import check_callback
from keras_nn.testing import read_events
from keras_nn.testing import slow_but
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


def run(folder, kill_at=None, extra=(), **options):
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
        *extra,
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
    values = state.values_of(state.variables_of(model)).values()
    others = state.values_of(state.variables_of(again)).values()
    for left, right in zip(values, others, strict=True):
        np.testing.assert_array_equal(left, right)
    assert history.history == resumed.history
    assert history.epoch == resumed.epoch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return folder, run(folder)


KILLS = random.Random(0).sample(range(1, EPOCHS * STEPS), 6)  # twice each


@pytest.mark.parametrize(
    "first",
    slow_but(KILLS[0], of=KILLS),
)
def test_a_run_killed_twice_equals_the_one_that_was_not(whole, tmp_path, first):
    folder, expected = whole
    every = random.Random(first).randint(1, 5)
    second = random.Random(-first).randint(first, EPOCHS * STEPS - 1)
    for kill_at in (first, second):
        assert run(tmp_path, kill_at, every_steps=every)[1] is None
    assert_same(expected, run(tmp_path, every_steps=every))
    assert steps_of(tmp_path) == steps_of(folder)


def test_an_epoch_that_is_over_is_not_begun_again(tmp_path):
    model, history = run(tmp_path)
    again, resumed = run(tmp_path)
    assert_same((model, history), (again, resumed))


def test_a_damaged_checkpoint_is_refused_or_left_with_a_warning(
    whole, tmp_path
):
    run(tmp_path, 7)
    newest = checkpoint_files.found(tmp_path / "checkpoint")[-1]
    content = bytearray((newest / "arrays.bin").read_bytes())
    content[len(content) // 2] ^= 1
    (newest / "arrays.bin").write_bytes(content)
    with pytest.raises(ValueError, match="in its file arrays.bin.*Remove"):
        run(tmp_path, resume=True)
    with pytest.warns(UserWarning, match="damaged.*Going on from"):
        resumed = run(tmp_path)
    assert_same(whole[1], resumed)


def test_an_error_of_the_thread_surfaces_in_fit(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint_files, "write", full)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path)


@pytest.mark.parametrize("call", slow_but(1, of=[0, 1, 3]))
def test_a_run_killed_while_it_writes_a_checkpoint_goes_on(
    whole, tmp_path, monkeypatch, call
):
    calls = iter(range(10**6))
    sync = os.fsync

    def dies(descriptor):
        if next(calls) == 20 + call:
            raise Killed
        sync(descriptor)

    monkeypatch.setattr(checkpoint_files.os, "fsync", dies)
    with pytest.raises(Killed):
        raise_killed(run(tmp_path, asynchronous=False))
    monkeypatch.undo()
    assert_same(whole[1], run(tmp_path))


def raise_killed(result):
    if result[1] is None:
        raise Killed


def test_a_terminated_run_writes_a_checkpoint_and_exits(whole, tmp_path):
    class Terminate(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if int(self.model.optimizer.iterations) == 5:
                os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as exit:
        run(
            tmp_path,
            extra=[Terminate()],
            every_steps=None,
            on_terminate=True,
        )
    assert exit.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is before
    newest = checkpoint_files.found(tmp_path / "checkpoint")[-1]
    assert checkpoint_files.read(newest)[0]["step"] == 6
    assert_same(whole[1], run(tmp_path))


@pytest.mark.parametrize(
    "options",
    [{"keep": 0}, {"keep": None}, {"every_steps": 0}, {"resume": "yes"}],
)
def test_refuses_what_cannot_be(options):
    with pytest.raises(ValueError, match="Received"):
        Checkpoint("nowhere", **options)


def test_refuses_a_missing_checkpoint(tmp_path):
    with pytest.raises(ValueError, match="no checkpoint to resume"):
        run(tmp_path, resume=True)


def test_conformance(tmp_path):
    def model():
        inputs = keras.Input((4,))
        made = Model(inputs, keras.layers.Dense(3)(inputs))
        made.compile("adam", "mse")
        return made

    options = {"folder": str(tmp_path / "checkpoint"), "resume": False}
    check_callback(
        Checkpoint,
        {**options, "every_steps": 1},
        model=model,
        y=(12, 3),
        log_dir=tmp_path,
    )
    newest = checkpoint_files.found(tmp_path / "checkpoint")[-1]
    assert checkpoint_files.read(newest)[0]["epoch"] == 2


def test_a_plain_keras_model_is_refused_with_what_to_use(tmp_path):
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    checkpoint = Checkpoint(tmp_path)
    x = np.ones((2, 1))
    with pytest.raises(ValueError, match="keras_nn.training.Model.*Functional"):
        model.fit(x, x, verbose=0, callbacks=[checkpoint])
    assert not list(tmp_path.iterdir())
    model = Model(model.inputs, model.outputs)  # as the message says
    model.compile("sgd", "mse")
    model.fit(x, x, verbose=0, callbacks=[checkpoint])
    assert checkpoint_files.found(tmp_path)


def test_a_run_that_stopped_early_is_over_also_when_it_is_killed(tmp_path):
    class KillAtTheEnd(keras.callbacks.Callback):
        """Behind the epoch that stops, and the checkpoint of it."""

        comes_last = True

        def on_train_end(self, logs=None):
            raise Killed

    def stopped(folder, *extra):
        # The loss gets better by less than this: stops after epoch 2.
        stopping = keras.callbacks.EarlyStopping(
            "val_loss", min_delta=9.0, patience=1, restore_best_weights=True
        )
        return run(folder, extra=[stopping, *extra], asynchronous=False)

    expected = stopped(tmp_path / "whole")
    assert expected[1].epoch == [0, 1]  # of three
    assert stopped(tmp_path / "killed", KillAtTheEnd())[1] is None
    newest = checkpoint_files.found(tmp_path / "killed/checkpoint")[-1]
    assert checkpoint_files.read(newest)[0]["epoch"] == EPOCHS
    for _ in range(2):  # once more: nothing is left to do
        again = stopped(tmp_path / "killed")
        assert_same(expected, again)
    assert steps_of(tmp_path / "killed") == steps_of(tmp_path / "whole")
