"""Our backbones against those of `keras.applications`, in one process.

    python benchmarks/backbones_against_keras_applications.py --rounds 20

Both networks hold the same weights. A round times one training step and one
prediction of each, in an order that turns with the round, so that whatever
else the machine does falls on both. Printed are the milliseconds of each
(median) and the ratio ours / theirs of each round: its median, and the
quarter and three-quarter points. Below 1 ours is faster. CPU time, which
counts all cores, is what a busy machine disturbs least.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from keras_nn.pretrained.keras_applications import PRESETS
from keras_nn.pretrained.keras_applications import keras_application
from keras_nn.pretrained.keras_applications import load


def compiled(model):
    """The model with a plain optimiser and loss."""
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    return model


def milliseconds(action, model):
    """How long one action takes: on the clock, and in all cores together."""
    start = time.perf_counter(), time.process_time()
    action(model)
    end = time.perf_counter(), time.process_time()
    return [1e3 * (b - a) for a, b in zip(start, end, strict=True)]


def compare(preset, size, batch_size, rounds):
    """Prints the ratios of one preset at one batch size."""
    shape = (size, size, 3)
    theirs = compiled(keras_application(preset, input_shape=shape))
    ours = compiled(load(preset, weights=None, input_shape=shape))
    generator = np.random.default_rng(0)
    x = generator.normal(size=(batch_size, *shape)).astype("float32")
    y = generator.integers(1000, size=batch_size)
    actions = {
        "train step": lambda model: model.train_on_batch(x, y),
        "predict": lambda model: model.predict_on_batch(x),
    }
    for name, action in actions.items():
        for model in (ours, theirs):
            action(model)
            action(model)
        times = {ours: [], theirs: []}
        for index in range(rounds):
            pair = (ours, theirs) if index % 2 else (theirs, ours)
            for model in pair:
                times[model].append(milliseconds(action, model))
        mine, other = np.array(times[ours]), np.array(times[theirs])
        for column, clock in enumerate(("wall", "CPU")):
            a, b = mine[:, column], other[:, column]
            low, middle, high = np.percentile(a / b, (25, 50, 75))
            print(
                f"{preset} {size}x{size} batch {batch_size} {name}, {clock}: "
                f"ours {np.median(a):.0f} ms, theirs {np.median(b):.0f} ms, "
                f"ratio {middle:.3f} ({low:.3f} to {high:.3f}), "
                f"{rounds} pairs",
                flush=True,
            )


def main():
    """Reads the arguments and compares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--presets",
        nargs="+",
        choices=PRESETS,
        metavar="PRESET",
        default=["resnet50", "efficientnetb0", "vgg16"],
    )
    parser.add_argument("--batch-sizes", nargs="+", type=int, default=[8])
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    for preset in arguments.presets:
        for batch_size in arguments.batch_sizes:
            compare(preset, arguments.size, batch_size, arguments.rounds)


if __name__ == "__main__":
    main()
