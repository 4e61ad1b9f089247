"""What a network that has seen other digits saves on few pictures.

    python benchmarks/transfer.py [--each 10] [--seeds 3] [--epochs 40]

ResNet-20 learns the digits 0 to 4 of scikit-learn, as `keras-nn train
image-classifier --recipe pictures --data FOLDER` does, and leaves a run. A
classifier of the digits 5 to 9 then begins with that run (`--set weights=RUN
--set frozen_epochs=10`), and one with drawn weights; both see `--each`
pictures of each class, as often. Measured is the accuracy on all other
pictures of these classes; a seed draws the pictures, the weights and the
order.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import fit_recipe
from keras_nn.applications.catalogue import get_recipe
from keras_nn.applications.recipe import resolve_settings

SETTINGS = {
    "image_size": 8,
    "preprocess": "rescale",
    "augmentation": "none",
    "dropout": 0.0,
    "learning_rate": 3e-3,
}
FROZEN = 10  # epochs


def digits():
    """All pictures and labels, whichever part they are in."""
    splits = data.load("digits", validation_fraction=0)
    pairs = [(part.x, part.y) for part in (splits.train, splits.test)]
    return [np.concatenate(part) for part in zip(*pairs, strict=True)]


def write_folder(root, pictures, labels):
    """Class folders of picture files."""
    for index, (picture, label) in enumerate(
        zip(pictures, labels, strict=True)
    ):
        folder = Path(root, str(label))
        folder.mkdir(exist_ok=True)
        Image.fromarray(picture[..., 0]).save(folder / f"{index}.png")


def first_run(folder, pictures, labels, seed):
    """A run that has learnt the first five digits."""
    source = Path(folder, "first")
    source.mkdir()
    write_folder(source, pictures, labels)
    return fit_recipe(
        "image-classifier",
        recipe="pictures",
        data=str(source),
        settings={**SETTINGS, "backbone": "resnet20"},
        epochs=10,
        seed=seed,
        log_dir=str(Path(folder, "runs")),
        verbose=0,
    )


def accuracy(train, test, seed, epochs, **settings):
    """Of a classifier that has learnt from few pictures."""
    keras.utils.set_random_seed(seed)
    recipe = get_recipe(ImageClassifier, "pictures")
    settings = resolve_settings(
        ImageClassifier.default_settings(),
        ImageClassifier.setting_choices(),
        recipe.settings,
        {**SETTINGS, **settings},
    )
    names = tuple("56789")
    splits = data.Splits(train, None, test, class_names=names)
    app = ImageClassifier.from_recipe(recipe, splits, epochs, 10, **settings)
    app.fit(
        train,
        batch_size=10,
        epochs=epochs,
        verbose=0,
        callbacks=app.training_callbacks(settings),
    )
    return app.evaluate(test, verbose=0, return_dict=True)["accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()
    start = time.perf_counter()
    x, y = digits()
    early = y < 5
    found = {"fine-tuned": [], "from scratch": []}
    with tempfile.TemporaryDirectory() as folder:
        run = first_run(folder, x[early], y[early], seed=0)
        print(
            f"digits 0-4: accuracy {run.metrics['test']['accuracy']:.4f}, "
            f"{run.metrics['train_seconds']:.0f} s of training",
            flush=True,
        )
        late = data.Split(x[~early], y[~early] - 5)
        for seed in range(arguments.seeds):
            order = np.random.default_rng(seed).permutation(len(late))
            few = np.concatenate(
                [
                    order[late.y[order] == label][: arguments.each]
                    for label in range(5)
                ]
            )
            train = late[few]
            test = late[np.setdiff1d(order, few)]
            given = train, test, seed, arguments.epochs
            tuned = accuracy(
                *given, weights=str(run.path), frozen_epochs=FROZEN
            )
            drawn = accuracy(*given, backbone="resnet20")
            found["fine-tuned"].append(tuned)
            found["from scratch"].append(drawn)
            print(
                f"seed {seed}, digits 5-9, {len(train)} pictures, {len(test)} "
                f"to test: fine-tuned {tuned:.4f}, from scratch {drawn:.4f}",
                flush=True,
            )
    for name, values in found.items():
        print(
            f"{name}: {np.mean(values):.4f} +- {np.std(values):.4f} "
            f"({len(values)} seeds)"
        )
    print(f"{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
