"""Accuracy on MUTAG over the ten published folds.

    python benchmarks/mutag.py --data FOLDER [--epochs 100] [--batch-size 32]

FOLDER holds MUTAG.txt and the folder 10fold_idx. The protocol is that of Xu
et al., 2019: for every fold the network of the recipe `mutag-gin` is trained
on the other graphs, and its accuracy on the fold is noted after every epoch,
which is one pass; the curves are averaged, and the one epoch with the best
mean is reported, with the standard deviation over folds. That choice looks at
the folds; the last epoch, which does not, is printed, too. Theirs has 350
epochs of 50 batches drawn at random, and a rate halved every 50 epochs; ours
has passes over the data, and the schedule of the recipe.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.applications import GraphClassifier
from keras_nn.applications.catalogue import get_recipe
from keras_nn.data.graphs.mutag import mutag


def curve(folder, fold, epochs, batch_size, jit):
    """Test accuracy after every epoch, in percent: an array."""
    splits = mutag(folder, fold)
    keras.utils.set_random_seed(fold)
    recipe = get_recipe(GraphClassifier, "mutag-gin")
    settings = {**GraphClassifier.default_settings(), **recipe.settings}
    settings["jit_compile"] = jit
    app = GraphClassifier.from_recipe(
        recipe, splits, epochs, batch_size, **settings
    )
    history = app.fit(
        splits.train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=splits.test,
        verbose=0,
    )
    return 100 * np.array(history.history["val_accuracy"])


def main():
    """Reads the arguments and prints the mean curve's best and last point."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--jit", action="store_true")
    given = parser.parse_args()
    curves = []
    for fold in range(1, given.folds + 1):
        start = time.process_time()
        curves.append(
            curve(given.data, fold, given.epochs, given.batch_size, given.jit)
        )
        print(
            f"fold {fold}: last {curves[-1][-1]:.1f}, best "
            f"{curves[-1].max():.1f}, {time.process_time() - start:.0f} CPU s",
            flush=True,
        )
    curves = np.array(curves)
    best = curves.mean(axis=0).argmax()
    for name, epoch in (("one epoch for all", best), ("the last", -1)):
        at = curves[:, epoch]
        print(
            f"{name} (epoch {epoch % given.epochs + 1}): {at.mean():.1f} +- "
            f"{at.std():.1f} % over {given.folds} folds"
        )


if __name__ == "__main__":
    main()
