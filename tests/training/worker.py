"""One worker process of `test_strategy.py`; writes what it learnt as JSON.

`train`: then worker 1 dies in the middle of an epoch, and worker 0 must notice.
`resume`: goes on with the training in which it died; then worker 1 is told to
end when both have left a checkpoint by the clock.
"""

import json
import os
import pathlib
import signal
import sys
import time

from keras_nn.training import strategy

chosen = strategy("auto")  # before anything runs on TensorFlow

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import ops  # noqa: E402

from keras_nn.callbacks import Checkpoint  # noqa: E402
from keras_nn.callbacks import checkpoint_files  # noqa: E402
from keras_nn.data import Split  # noqa: E402
from keras_nn.training import Model  # noqa: E402
from keras_nn.training import MultiPlayerModel  # noqa: E402
from keras_nn.training import WorkerLost  # noqa: E402
from keras_nn.training import is_chief  # noqa: E402

KINDS = ("supervised", "compute_loss", "two players", "rows")


class Rows:
    """Reads rows of a table, and notes which."""

    def __init__(self, table):
        self.table = table
        self.shape, self.dtype = table.shape[1:], table.dtype
        self.read = []

    def __call__(self, number):
        self.read.append(int(number))
        return self.table[number]


class PlainLoss(Model):
    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        return ops.mean(ops.square(y - y_pred))


class Rivals(MultiPlayerModel):
    schedule = ("left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = keras.Sequential([keras.Input((4,)), _dense("left")])
        self.right = keras.Sequential([keras.Input((4,)), _dense("right")])
        self.built = True

    def call(self, x):
        return self.left(x) - self.right(x)

    def player_weights(self, player):
        return getattr(self, player).trainable_weights

    def player_loss(self, player, x, y, sample_weight, training):
        gap = ops.mean(ops.square(self(x) - y))
        other = ops.mean(ops.square(self.right(x)))
        return gap if player == "left" else other - 0.1 * gap


def _dense(name):
    return keras.layers.Dense(1, name=name)


def _network(cls):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, activation="tanh")(inputs)
    return cls(inputs, keras.layers.Dense(1, activation="sigmoid")(x))


def trained(kind):
    """Weights, logs and step count of a model trained for a few epochs."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(29, 4)).astype("float32")  # batches of 11, 11, 7
    y = (x[:, :1] > 0.2).astype("float32")
    how = {"x": x, "y": y, "batch_size": 11, "shuffle": False}
    with chosen.scope():
        metrics = ["mae", keras.metrics.AUC(name="auc")]
        metrics.append(keras.metrics.F1Score(threshold=0.5, name="f1"))
        metrics.append(keras.metrics.BinaryIoU(name="iou"))
        if kind == "two players":
            model = Rivals()
            model.compile({"left": "sgd", "right": "adam"})
        else:
            model = _network(PlainLoss if kind == "compute_loss" else Model)
            optimizer = keras.optimizers.SGD(0.1, global_clipnorm=0.5)
            model.compile(optimizer, "mse", metrics=metrics)
        if kind == "compute_loss":
            data = tf.data.Dataset.from_tensor_slices((x, y)).batch(11)
            how = {"x": data.repeat(), "steps_per_epoch": 3}
        validation, everything = (x[:17], y[:17]), x
        rows = Rows(x)
        if kind == "rows":
            split = Split(np.arange(29), y, rows)
            how = {"x": split.ordered(11, shuffle=True, seed=1)}
            validation = split.take(17).ordered(11)
            everything = split.ordered(11)
        history = model.fit(
            **how, epochs=7, verbose=0, validation_data=validation
        )
        before = len(rows.read)
        predicted = model.predict(everything, batch_size=11, verbose=0)
    weights = np.concatenate([w.ravel() for w in model.get_weights()])
    logs = {k: float(np.ravel(v[-1])[0]) for k, v in history.history.items()}
    steps = int(model.all_optimizers[0].iterations.numpy())
    return {
        "weights": weights.tolist(),
        "logs": logs,
        "steps": steps,
        "predicted": predicted.ravel().tolist(),
        "read_in_fit": before,
        "read_in_predict": sorted(rows.read[before:]),
    }


def times_seen():
    """How often an epoch with the usual shuffle showed each of 29 examples."""
    x = np.eye(29, dtype="float32")
    with chosen.scope():
        inputs = keras.Input((29,))
        count = keras.layers.Dense(
            1, use_bias=False, kernel_initializer="zeros"
        )
        model = Model(inputs, count(inputs))
        # The gradient of an example is -1, of its own weight only.
        loss = keras.losses.MeanAbsoluteError(reduction="sum")
        model.compile(keras.optimizers.SGD(1.0), loss)
        model.fit(x, np.full((29, 1), 99.0), batch_size=11, verbose=0)
    return model.get_weights()[0].ravel().tolist()


class _Raise(keras.callbacks.Callback):
    """Sends worker 1 a signal behind a step."""

    def __init__(self, number, is_time):
        super().__init__()
        self.number = number
        self.is_time = is_time

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if not is_chief() and self.is_time(self.epoch, batch):
            os.kill(os.getpid(), self.number)


def resumable(*callbacks, epochs=4):
    """Weights and logs of a training with everything that moves in it."""
    keras.utils.set_random_seed(5)
    x = np.random.default_rng(0).normal(size=(29, 4)).astype("float32")
    rows = Split(np.arange(29), (x[:, :1] > 0.2).astype("float32"), Rows(x))
    with chosen.scope():
        inputs = keras.Input((4,))
        hidden = keras.layers.Dense(8, activation="tanh")(inputs)
        hidden = keras.layers.BatchNormalization()(hidden)
        hidden = keras.layers.Dropout(0.2, seed=1)(hidden)
        outputs = keras.layers.Dense(1, activation="sigmoid")(hidden)
        model = Model(inputs, outputs)
        auc = keras.metrics.AUC(name="auc")
        model.compile("adam", "binary_crossentropy", metrics=[auc])
    history = model.fit(
        rows.ordered(11, shuffle=True, seed=1),
        epochs=epochs,
        verbose=0,
        callbacks=list(callbacks),
    )
    return {
        "weights": np.concatenate([w.ravel() for w in model.get_weights()])
        .astype(float)
        .tolist(),
        "logs": {k: np.float64(v).tolist() for k, v in history.history.items()},
    }


def train(folder):
    result = {"seen": times_seen()}
    for kind in KINDS:
        result[kind] = trained(kind)
    result["chief"] = is_chief()
    yield result
    try:
        resumable(
            Checkpoint(folder, every_epochs=None, every_steps=2),
            # Step 5; there is a checkpoint behind step 4, of 3 in an epoch.
            _Raise(
                signal.SIGKILL, lambda epoch, batch: (epoch, batch) == (1, 1)
            ),
            epochs=999,
        )
    except WorkerLost as error:
        print(f"{error} ({error.exit_code})", flush=True)  # noqa: T201
        os.kill(os.getpid(), signal.SIGTERM)  # must be heard
        time.sleep(30)


def resume(folder):
    manifest, *_ = checkpoint_files.read(checkpoint_files.found(folder)[-1])
    result = {"from": manifest["step"], "uninterrupted": resumable()}
    result["resumed"] = resumable(
        Checkpoint(folder, every_epochs=None, resume=True)
    )
    yield result
    second = pathlib.Path(f"{folder}-by-the-clock")
    resumable(
        Checkpoint(
            second,
            every_epochs=None,
            every_seconds=0.5,
            on_terminate=True,
            asynchronous=False,
        ),
        _Raise(signal.SIGTERM, lambda *step: checkpoint_files.found(second)),
        epochs=9999,
    )


if __name__ == "__main__":
    mode, output, checkpoints = sys.argv[1:]
    play = {"train": train, "resume": resume}[mode](checkpoints)
    pathlib.Path(output).write_text(json.dumps(next(play)))
    next(play, None)
