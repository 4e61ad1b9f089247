"""What a checkpoint every 50 steps costs a model of 25 million weights.

    python benchmarks/checkpoint.py [--model resnet50] [--pairs 6]

Two models: `resnet50`, trained by Adam on 16 pictures of 96x96 a step (what is
stored is 307 MB: weights and two moments), and `dense`, one 5000x5000 layer
trained by plain descent on 256 rows a step (100 MB, and the shortest step
that one can give 25 million weights).

Within one `fit`, a checkpoint begins every other window of 50 steps. The step
time of a window with one over that of the window before it, without one, is
what a checkpoint every 50 steps costs: the state is taken and written
within its window, which is verified. By the clock, and in processor time of
the whole process, writing included. Then what a checkpoint takes by itself:
how long a step waits for it, and the processor time of its writing.
"""

import argparse
import os
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import checkpoint_files
from keras_nn.models import ResNet
from keras_nn.training import Model


def resnet50():
    backbone = ResNet.from_preset("resnet50", input_shape=(96, 96, 3))
    inputs = keras.Input((96, 96, 3))
    model = Model(inputs, backbone(inputs))
    model.compile("adam", "sparse_categorical_crossentropy")
    x = np.random.default_rng(0).normal(size=(16, 96, 96, 3))
    return model, x.astype("float32"), np.arange(16)


def dense(width=5000, batch_size=256):
    inputs = keras.Input((width,))
    x = keras.layers.Dense(width, activation="relu")(inputs)
    model = Model(inputs, keras.layers.Dense(1)(x))
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(batch_size, width))
    return model, x.astype("float32"), x[:, :1].astype("float32")


class Windows(keras.callbacks.Callback):
    """Clock and processor time at the end of each window of steps."""

    def __init__(self, steps, folder):
        super().__init__()
        self.steps = steps
        self.folder = folder
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        # Comes before the checkpoint of this step is taken.
        if (batch + 1) % self.steps:
            return
        self.times.append((time.perf_counter(), time.process_time()))
        begun = (len(self.times) - 1) // 2
        newest = checkpoint_files.found(self.folder)[-1:]
        assert [p.name for p in newest] == [
            f"checkpoint-{begun - 1:08d}" for _ in range(begun > 0)
        ], "a checkpoint outlasts its window"


class TimedCheckpoint(Checkpoint):
    """Knows what it took: seconds of the step, and of a processor."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waits, self.writes = [], []

    def _save(self, *args):
        start = time.perf_counter()
        super()._save(*args)
        self.waits.append(time.perf_counter() - start)

    def _write(self, *args):
        start = time.thread_time()
        super()._write(*args)
        self.writes.append(time.thread_time() - start)


def measure(make, pairs, steps):
    model, x, y = make()
    # One batch, over and over: what is measured is not the input.
    data = tf.data.Dataset.from_tensors((x, y)).repeat()
    with tempfile.TemporaryDirectory() as folder:
        windows = Windows(steps, folder)
        checkpoint = TimedCheckpoint(
            folder,
            every_epochs=None,
            every_steps=2 * steps,
            resume=False,
        )
        model.fit(
            data,
            steps_per_epoch=(2 * pairs + 1) * steps,
            callbacks=[windows, checkpoint],
            verbose=0,
        )
        size = sum(
            p.stat().st_size
            for p in checkpoint_files.found(folder)[-1].iterdir()
        )
    print(
        f"{make.__name__}: {model.count_params():,} weights, "
        f"{size / 1e6:.0f} MB a checkpoint"
    )
    spent = np.diff(np.array(windows.times), axis=0)  # (windows, 2)
    without, with_one = spent[::2], spent[1::2]
    for name, a, b in zip(
        ("clock", "processors"), without.T, with_one.T, strict=True
    ):
        ratios = b / a
        print(
            f"  {name}: {1e3 * np.median(a) / steps:.0f} ms a step, with a "
            f"checkpoint every {steps}: {np.median(ratios):.4f} "
            f"({ratios.min():.4f} to {ratios.max():.4f}, {len(a)} pairs)"
        )
    window = np.median(without[:, 1])
    wait, write = np.median(checkpoint.waits), np.median(checkpoint.writes)
    print(
        f"  by itself: the step waits {1e3 * wait:.0f} ms, writing takes "
        f"{1e3 * write:.0f} ms of a processor: {(wait + write) / window:.4f} "
        "of the processor time of a window"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["resnet50", "dense"])
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    for make in (resnet50, dense):
        if options.model in (None, make.__name__):
            measure(make, options.pairs, options.steps)


if __name__ == "__main__":
    main()
