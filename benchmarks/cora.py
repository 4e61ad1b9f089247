"""Accuracy on Cora, official split, over seeds.

    python benchmarks/cora.py --data FOLDER [--recipes cora-gcn cora-gat ...]
        [--seeds 20] [--first-seed 0]

FOLDER holds the eight official files `ind.cora.*`. Every recipe of
`NodeClassifier` for Cora is trained as `keras-nn train node-classifier
--recipe NAME` does; reported is the test accuracy of the epoch with the best
validation accuracy (of equal ones that with the lowest validation loss), and
of the last epoch. The step is compiled once a recipe; every seed begins with
weights of its own and an optimiser without memory.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.applications.catalogue import get_recipe


def build(name, splits, seed):
    """An application with the first weights of this seed."""
    keras.utils.set_random_seed(seed)
    recipe = get_recipe(NodeClassifier, name)
    settings = {**NodeClassifier.default_settings(), **recipe.settings}
    return NodeClassifier.from_recipe(
        recipe, splits, **recipe.fit, **settings
    ), recipe.fit["epochs"]


def train(app, name, splits, seed):
    """One run: `(selected, last, seconds)`, accuracies in percent."""
    new, epochs = build(name, splits, seed)
    # The state of dropout is among the variables.
    for old, fresh in zip(
        app.network.variables, new.network.variables, strict=True
    ):
        old.assign(fresh)
    for variable in app.optimizer.variables:
        if variable is not app.optimizer.learning_rate:
            variable.assign(keras.ops.zeros_like(variable))
    best = Best()
    start = time.process_time()
    app.fit(splits, epochs=epochs, verbose=0, callbacks=[best])
    seconds = time.process_time() - start
    last = app.evaluate(splits.test, verbose=0, return_dict=True)
    app.set_weights(best.weights)
    selected = app.evaluate(splits.test, verbose=0, return_dict=True)
    return 100 * selected["accuracy"], 100 * last["accuracy"], seconds


class Best(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the best validation accuracy.

    500 nodes give many epochs the same; of those the loss is the lowest.
    """

    def on_train_begin(self, logs=None):
        self.best = (-1.0, 0.0)

    def on_epoch_end(self, epoch, logs=None):
        found = (logs["val_accuracy"], -logs["val_loss"])
        if found > self.best:
            self.best = found
            self.weights = self.model.get_weights()


def main():
    """Reads the arguments and prints mean and spread of every recipe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--recipes", nargs="+", default=["cora-gcn"])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    arguments = parser.parse_args()
    splits = data.load("cora", path=arguments.data)
    for name in arguments.recipes:
        runs, app = [], build(name, splits, 0)[0]
        first = arguments.first_seed
        for seed in range(first, first + arguments.seeds):
            runs.append(train(app, name, splits, seed))
            print(
                "{} seed {}: selected {:.1f}, last {:.1f}, {:.1f} CPU s".format(
                    name, seed, *runs[-1]
                ),
                flush=True,
            )
        runs = np.array(runs)
        mean, spread = runs.mean(axis=0), runs.std(axis=0)
        print(
            f"{name}: {arguments.seeds} seeds, test accuracy selected "
            f"{mean[0]:.2f} +- {spread[0]:.2f}, last {mean[1]:.2f} +- "
            f"{spread[1]:.2f}, {mean[2]:.1f} CPU s a run",
            flush=True,
        )


if __name__ == "__main__":
    main()
