"""Trainings for `test_checkpoint_kills.py`, each in a process that may die.

Reads a job from each line of its input, forks a child that trains, and
answers with the child's exit code. TensorFlow is imported once and runs only
behind the fork: at the fork this process has a single thread.
"""

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import keras
import numpy as np

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import TensorBoard
from keras_nn.callbacks import checkpoint_files
from keras_nn.callbacks import hashed_file
from keras_nn.training import Model
from keras_nn.training import state

EPOCHS, EXAMPLES, BATCH_SIZE = 4, 22, 4  # 6 steps an epoch, the last uneven


class DieAtStep(keras.callbacks.Callback):
    """Dies at the end of a step, counted from the start of the process."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        self.step -= 1
        if self.step == 0:
            die()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_writing(checkpoint, fraction=None, call=None):
    """Dies in a checkpoint of this process: at a byte, or at a system call."""
    original = checkpoint_files.write
    left = [checkpoint]

    def write(folder, facts, state, arrays, *args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            if fraction is not None:
                size = sum(array.nbytes for array in arrays.values())
                _die_at_byte(int(fraction * size))
            else:
                _die_at_call(call)
        return original(folder, facts, state, arrays, *args, **kwargs)

    checkpoint_files.write = write


def _die_at_byte(byte):
    class Stream(hashed_file._HashedStream):
        def write(self, content):
            if self.bytes + len(content) > byte:
                self.file.write(content[: byte - self.bytes])
                self.file.flush()
                die()
            super().write(content)

    hashed_file._HashedStream = Stream


def _die_at_call(call):
    """Behind the `call`-th of what brings a checkpoint to its place."""
    left = [call]

    def dying(original):
        def function(*args, **kwargs):
            result = original(*args, **kwargs)
            left[0] -= 1
            if left[0] == 0:
                die()
            return result

        return function

    for name in ("fsync", "replace", "mkdir", "rmdir"):
        setattr(os, name, dying(getattr(os, name)))
    shutil.rmtree = dying(shutil.rmtree)


def train(folder, result=None, every_steps=3, step=None, write=None):
    random.seed(1)
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(EXAMPLES, 4)).astype("float32")
    y = x[:, :3].argmax(-1)
    inputs = keras.Input((4,))
    h = keras.layers.Dense(64, activation="relu")(inputs)
    h = keras.layers.Dropout(0.5)(h)
    h = keras.layers.BatchNormalization()(h)
    model = Model(inputs, keras.layers.Dense(3)(h))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    callbacks = [
        Checkpoint(Path(folder, "checkpoint"), every_steps=every_steps),
        TensorBoard(folder, update_freq=1),
        keras.callbacks.EarlyStopping(patience=9, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(patience=0, min_delta=1.0),
    ]
    if step is not None:
        callbacks.append(DieAtStep(step))
    if write is not None:
        die_while_writing(**write)
    history = model.fit(
        x,
        y,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=(x, y),
        verbose=0,
        callbacks=callbacks,
    )
    values = state.values_of(state.variables_of(model)).values()
    np.savez(Path(result, "values.npz"), *values)
    text = json.dumps([history.history, history.epoch])
    Path(result, "history.json").write_text(text)


def serve():
    for line in sys.stdin:
        assert len(os.listdir("/proc/self/task")) == 1
        child = os.fork()
        if child == 0:
            try:
                train(**json.loads(line))
                sys.stderr.flush()
                os._exit(0)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                sys.stderr.flush()
                os._exit(1)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
