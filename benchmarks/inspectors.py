"""What all default inspectors together cost an epoch of a ResNet-18.

    python benchmarks/inspectors.py [--pictures 50000] [--epochs 3]

One classifier on 32x32 pictures is trained with and without
`app.inspectors(...)`; the two take turns, epoch by epoch, so that both see the
same machine. Printed are the seconds of an epoch with and without, from its
start to the end of what follows it, and the ratio of the medians: by the
clock, and in CPU seconds of the process, which a loaded machine disturbs
less. `--only NAME ...` keeps some of the inspectors.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.applications import ImageClassifier
from keras_nn.models import ResNet


def classifier():
    backbone = ResNet.from_preset(
        "resnet18", input_shape=(32, 32, 3), include_top=False
    )
    app = ImageClassifier(backbone, num_classes=10, preprocess="rescale")
    app.compile()
    return app


class Turns:
    """Two threads that take turns, and the seconds of each turn."""

    def __init__(self):
        self.turn = threading.Condition()
        self.owner = "without"
        self.seconds = {"without": [], "with": []}

    def callback(self, name):
        other = "with" if name == "without" else "without"
        turns = self

        class Turn(keras.callbacks.Callback):
            """First of all callbacks: an epoch ends where the next begins."""

            def on_train_begin(self, logs=None):
                self.start = None

            def on_epoch_begin(self, epoch, logs=None):
                turns.record(name, self.start)
                turns.give(other)
                turns.take(name)
                self.start = time.perf_counter(), time.process_time()

        return Turn()

    def record(self, name, start):
        if start is not None:
            wall, cpu = start
            self.seconds[name].append(
                (time.perf_counter() - wall, time.process_time() - cpu)
            )

    def take(self, name):
        with self.turn:
            self.turn.wait_for(lambda: self.owner == name)

    def give(self, name):
        with self.turn:
            self.owner = name
            self.turn.notify_all()


def train(app, name, turns, data, validation, inspectors, epochs):
    """One fit that stops at the start of each epoch for its turn."""
    turns.take(name)
    app.fit(
        *data,
        batch_size=64,
        # The first epoch traces the step, the last has no successor.
        epochs=epochs + 2,
        verbose=0,
        validation_data=validation,
        callbacks=[turns.callback(name), *inspectors],
    )
    turns.give("with" if name == "without" else "without")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=50_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    shape = (options.pictures, 32, 32, 3)
    x = rng.integers(0, 256, shape).astype("uint8")
    y = rng.integers(0, 10, options.pictures)
    validation = (x[:1000], y[:1000])
    without, with_all = classifier(), classifier()
    turns = Turns()
    with tempfile.TemporaryDirectory() as folder:
        inspectors = [
            one
            for one in with_all.inspectors(folder, validation)
            if not options.only or type(one).__name__ in options.only
        ]
        names = ", ".join(type(one).__name__ for one in inspectors)
        print(f"inspectors: {names}")
        threads = [
            threading.Thread(
                target=train,
                args=(*of, turns, (x, y), validation, them, options.epochs),
            )
            for of, them in (
                ((without, "without"), []),
                ((with_all, "with"), inspectors),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for index, unit in enumerate(("clock", "CPU")):
        bare, full = (
            [pair[index] for pair in turns.seconds[name][1:]]
            for name in ("without", "with")
        )
        ratio = statistics.median(full) / statistics.median(bare)
        print(f"{unit}: without {[round(s, 2) for s in bare]} s")
        print(f"{unit}: with    {[round(s, 2) for s in full]} s")
        print(f"{unit}: ratio of medians {ratio:.3f}")


if __name__ == "__main__":
    main()
