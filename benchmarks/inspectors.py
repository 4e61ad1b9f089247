"""What default inspectors cost an epoch, together and one by one.

    python benchmarks/inspectors.py [--pictures 50000] [--epochs 3]
    python benchmarks/inspectors.py --recipe digits --epochs 9

One classifier is trained with and without `app.inspectors(...)`: a ResNet-18
on 32x32 pictures, or what a recipe of `image-classifier` trains on its own
data; the two take turns, epoch by epoch, so that both see the same machine.
Printed are the seconds of an epoch with and without, from its start to the
end of what follows it, and the ratio of the medians: by the clock, and in CPU
seconds of the process, which a loaded machine disturbs less. Then, of each
inspector, the CPU seconds inside of its own methods: what it adds to the
compiled step is in the ratio only. `--only NAME ...` keeps some of them.
"""

import argparse
import functools
import os
import statistics
import tempfile
import threading
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.applications import ImageClassifier
from keras_nn.applications import catalogue
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.recipe_data import read_splits
from keras_nn.applications.recipe_data import with_validation
from keras_nn.models import ResNet


def classifier():
    backbone = ResNet.from_preset(
        "resnet18", input_shape=(32, 32, 3), include_top=False
    )
    app = ImageClassifier(backbone, num_classes=10, preprocess="rescale")
    app.compile()
    return app


def of_recipe(name, epochs):
    """What makes a recipe's classifier, its data, and its batch size."""
    recipe = catalogue.get_recipe(ImageClassifier, name)
    settings = resolve_settings(
        ImageClassifier.default_settings(),
        ImageClassifier.setting_choices(),
        recipe.settings,
    )
    splits = read_splits(ImageClassifier, recipe, None, 0, settings)
    splits = with_validation(splits, settings, 0)
    size = recipe.fit["batch_size"]

    def make():
        return ImageClassifier.from_recipe(
            recipe, splits, epochs, size, **settings
        )

    parts = splits.train, splits.validation
    return make, *((part.x, part.y) for part in parts), size


def drawn(count):
    """The same of a ResNet-18 and pictures of noise."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (count, 32, 32, 3)).astype("uint8")
    y = rng.integers(0, 10, count)
    return classifier, (x, y), (x[:1000], y[:1000]), 64


class Spent:
    """CPU seconds inside of inspectors' methods, epoch by epoch.

    Args:
        inspectors: list of callbacks, whose methods are timed from now on.
    """

    def __init__(self, inspectors):
        self.epochs = []
        self.seconds = {}
        for one in inspectors:
            name = type(one).__name__
            self.seconds[name] = 0.0
            for method in dir(one):
                if method.startswith("on_"):
                    timed = self._timed(name, getattr(one, method))
                    setattr(one, method, timed)

    def end_epoch(self):
        self.epochs.append(self.seconds)
        self.seconds = dict.fromkeys(self.seconds, 0.0)

    def _timed(self, name, method):
        # Keras asks a method for what it is: `wraps` keeps the answer.
        @functools.wraps(method)
        def run(*args, **kwargs):
            start = time.process_time()
            try:
                return method(*args, **kwargs)
            finally:
                self.seconds[name] += time.process_time() - start

        return run


class Turns:
    """Two threads that take turns, and the seconds of each turn.

    Args:
        spent: `Spent` by the inspectors of the one that has them.
    """

    def __init__(self, spent):
        self.spent = spent
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
            if name == "with":
                self.spent.end_epoch()

    def take(self, name):
        with self.turn:
            self.turn.wait_for(lambda: self.owner == name)

    def give(self, name):
        with self.turn:
            self.owner = name
            self.turn.notify_all()


def train(app, name, turns, data, validation, batch_size, epochs, inspectors):
    """One fit that stops at the start of each epoch for its turn."""
    turns.take(name)
    app.fit(
        *data,
        batch_size=batch_size,
        # The first epoch traces the step, the last has no successor.
        epochs=epochs + 2,
        verbose=0,
        validation_data=validation,
        callbacks=[turns.callback(name), *inspectors],
    )
    turns.give("with" if name == "without" else "without")


def report(turns):
    """Prints what the turns took, without the first of each."""
    for index, unit in enumerate(("clock", "CPU")):
        bare, full = (
            [pair[index] for pair in turns.seconds[name][1:]]
            for name in ("without", "with")
        )
        ratio = statistics.median(full) / statistics.median(bare)
        print(f"{unit}: without {[round(s, 2) for s in bare]} s")
        print(f"{unit}: with    {[round(s, 2) for s in full]} s")
        print(f"{unit}: ratio of medians {ratio:.3f}")
    # Means, since most of them are not due in each epoch.
    passes = turns.spent.epochs[1:]
    means = {
        name: statistics.mean(one[name] for one in passes)
        for name in turns.spent.seconds
    }
    whole = statistics.mean(full)
    print(f"CPU seconds a pass inside of each, of {whole:.3f} on the mean:")
    for name, mean in sorted(means.items(), key=lambda item: -item[1]):
        print(f"  {name:24} {mean:8.4f} s {mean / whole:7.2%}")
    together = sum(means.values())
    print(f"  {'together':24} {together:8.4f} s {together / whole:7.2%}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=50_000)
    parser.add_argument("--recipe", help="of image-classifier, on its data")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args()
    if options.recipe:
        found = of_recipe(options.recipe, options.epochs)
    else:
        found = drawn(options.pictures)
    make, data, validation, batch_size = found
    without, with_all = make(), make()
    with tempfile.TemporaryDirectory() as folder:
        inspectors = [
            one
            for one in with_all.inspectors(folder, validation)
            if not options.only or type(one).__name__ in options.only
        ]
        turns = Turns(Spent(inspectors))
        names = ", ".join(type(one).__name__ for one in inspectors)
        print(f"inspectors: {names}")
        common = (turns, data, validation, batch_size, options.epochs)
        threads = [
            threading.Thread(target=train, args=(*of, *common, them))
            for of, them in (
                ((without, "without"), []),
                ((with_all, "with"), inspectors),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    report(turns)


if __name__ == "__main__":
    main()
