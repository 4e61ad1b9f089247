"""Whole `fit` of the engine against `keras.Model.fit` of the same network.

    python benchmarks/fit_against_keras.py [--pairs 9]

Both models train in one process, in turn; the ratio of each pair is printed,
then the median. Small steps show the cost of the engine itself, an uneven
last batch is part of every epoch.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.models import ResNet
from keras_nn.training import Model


def mlp(cls):
    inputs = keras.Input((64,))
    x = keras.layers.Dense(128, activation="relu")(inputs)
    x = keras.layers.Dense(128, activation="relu")(x)
    return cls(inputs, keras.layers.Dense(10)(x)), (20_010, 64), 64


def resnet(cls):
    backbone = ResNet.from_preset(
        "resnet20",
        input_shape=(32, 32, 3),
        classes=10,
        classifier_activation=None,
    )
    inputs = keras.Input((32, 32, 3))
    return cls(inputs, backbone(inputs)), (200, 32, 32, 3), 64


def prepare(make, cls):
    keras.utils.set_random_seed(0)
    model, shape, batch_size = make(cls)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape).astype("float32")
    y = rng.integers(0, 10, shape[0])
    return model, lambda: model.fit(x, y, batch_size, epochs=2, verbose=0)


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9)
    pairs = parser.parse_args().pairs
    for make in (mlp, resnet):
        theirs = prepare(make, keras.Model)[1]
        ours = prepare(make, Model)[1]
        theirs()
        ours()
        ratios = []
        for _ in range(pairs):
            keras_seconds = seconds(theirs)
            ratios.append(seconds(ours) / keras_seconds)
        print(
            f"{make.__name__}: fit ours / keras, {pairs} pairs: median "
            f"{statistics.median(ratios):.3f} "
            f"({min(ratios):.3f} to {max(ratios):.3f})"
        )


if __name__ == "__main__":
    main()
