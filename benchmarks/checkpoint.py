"""What a checkpoint every 50 steps costs a model of 25 million weights.

    python benchmarks/checkpoint.py [--pairs 5] [--steps 100]

A `fit` with and one without, in turn, on the same model; the ratio of the
step times of each pair is printed, then the median. The last write, which
`fit` waits for at its end, is in the time.
"""

import argparse
import os
import statistics
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks import Checkpoint
from keras_nn.training import Model


def make(width=5000, batch_size=256):
    inputs = keras.Input((width,))
    x = keras.layers.Dense(width, activation="relu")(inputs)
    model = Model(inputs, keras.layers.Dense(1)(x))
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(batch_size, width))
    return model, x.astype("float32"), x[:, :1].astype("float32")


def seconds(model, x, y, steps, folder=None):
    callbacks = []
    if folder is not None:
        callbacks.append(
            Checkpoint(folder, every_epochs=None, every_steps=50, resume=False)
        )
    # One batch, over and over: what is measured is not the input.
    data = tf.data.Dataset.from_tensors((x, y)).repeat()
    start = time.perf_counter()
    model.fit(data, steps_per_epoch=steps, callbacks=callbacks, verbose=0)
    return (time.perf_counter() - start) / steps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=101)
    options = parser.parse_args()
    model, x, y = make()
    print(f"{model.count_params():,} weights")
    with tempfile.TemporaryDirectory() as folder:
        seconds(model, x, y, 2, folder)
        ratios = []
        for _ in range(options.pairs):
            without = seconds(model, x, y, options.steps)
            ratios.append(seconds(model, x, y, options.steps, folder) / without)
            print(f"{1e3 * without:.0f} ms a step, ratio {ratios[-1]:.3f}")
    print(
        f"checkpoint every 50 steps / none: median "
        f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to "
        f"{max(ratios):.3f})"
    )


if __name__ == "__main__":
    main()
