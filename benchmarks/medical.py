"""Recipe `medical` of the segmenter on membranes under the microscope.

    python benchmarks/medical.py --data FOLDER [--epochs 60] [--seed 0]

FOLDER holds the official files of ISBI 2012 (`data/membrane/train`). They are
written as folders `images` and `masks` with the membranes, the rarer class, as
the finding: 22 pictures to train, 3 to validate, the last 5 of the 30 to test.
The recipe sees them at half their size. Printed are Dice and boundary F1 of
the test pictures, beside the Dice of the darkest pixels, by the threshold that
is best on the training pictures, and how often a pixel is wrong by how much
the looks with dropout doubt it: where uncertainty means something, the rate
rises from line to line, and few errors lie among what is held for sure.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications import fit_recipe
from keras_nn.applications import load

SIZE = 256
TEST, VALIDATION = 5, 3
QUANTILES = (0, 50, 75, 90, 95, 100)
TOLERANCE = 2  # pixels of SIZE


def write_folder(root, pictures, masks):
    """The layout that the recipe reads, from arrays."""
    numbers = np.arange(len(pictures))
    parts = {
        "train": numbers[: -TEST - VALIDATION],
        "validation": numbers[-TEST - VALIDATION : -TEST],
        "test": numbers[-TEST:],
    }
    for part, chosen in parts.items():
        for kind, arrays in (("images", pictures), ("masks", masks)):
            folder = root / part / kind
            folder.mkdir(parents=True)
            for number in chosen:
                picture = Image.fromarray(arrays[number])
                picture.save(folder / f"{number:02}.png")


def official(folder):
    """All pictures, and masks with the membranes white: uint8 arrays."""
    splits = data.load("isbi2012", path=folder, validation_fraction=0)
    parts = (splits.train, splits.test)
    x = np.concatenate([np.asarray(part.x) for part in parts])
    y = np.concatenate([np.asarray(part.y) for part in parts])
    return x[..., 0], np.where(y == 0, 255, 0).astype("uint8")


def overlap(masks, predicted):
    """Dice of class 1 over all pictures."""
    both = np.sum((masks == 1) & (predicted == 1))
    return 2 * both / (np.sum(masks == 1) + np.sum(predicted == 1))


def darkest(splits):
    """Dice of the pixels below a threshold, chosen on the training set."""
    x, y = pictures_of(splits.train), np.asarray(splits.train.y)
    levels = np.percentile(x, np.arange(5, 60, 5))
    best = max(levels, key=lambda level: overlap(y, x < level))
    return overlap(np.asarray(splits.test.y), pictures_of(splits.test) < best)


def pictures_of(split):
    """The pictures of a split without their channel: an array."""
    return np.concatenate([np.asarray(x) for x, _ in split.batches(8)])[..., 0]


def report(app, splits):
    """Prints what the trained application makes of the test pictures."""
    pictures, masks = pictures_of(splits.test), np.asarray(splits.test.y)
    looks = app.predict_uncertainty(pictures[..., None])
    predicted = np.stack([look["mask"] for look in looks])
    doubt = np.stack([look["entropy"] for look in looks])
    boundary = metrics.BoundaryF1(2, TOLERANCE, classes=[1])
    boundary.update_state(masks, np.eye(2, dtype="float32")[predicted])
    print(
        f"Dice {overlap(masks, predicted):.3f} "
        f"(darkest pixels {darkest(splits):.3f}), "
        f"boundary F1 within {TOLERANCE} pixels {float(boundary.result()):.3f}"
    )
    wrong = (predicted != masks).ravel()
    order = np.argsort(doubt.ravel(), kind="stable")
    for low, high in zip(QUANTILES, QUANTILES[1:], strict=False):
        part = order[low * len(order) // 100 : high * len(order) // 100]
        print(
            f"uncertainty quantile {low}-{high} %: "
            f"mean entropy {doubt.ravel()[part].mean():.3f}, "
            f"wrong {100 * wrong[part].mean():.1f} %, "
            f"{100 * wrong[part].sum() / wrong.sum():.0f} % of all errors"
        )


def main():
    """Reads the arguments, trains, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        write_folder(folder, *official(given.data))
        splits = data.from_mask_folders(folder, image_size=(SIZE, SIZE))
        share = np.mean(np.asarray(splits.test.y) == 1)
        print(f"membranes are {100 * share:.1f} % of the test pixels")
        start = time.process_time()
        run = fit_recipe(
            "image-segmenter",
            "medical",
            data=str(folder),
            epochs=given.epochs,
            seed=given.seed,
            log_dir=place,
            verbose=0,
        )
        print(f"{time.process_time() - start:.0f} CPU s", flush=True)
        report(load(run.model_path), splits)


if __name__ == "__main__":
    main()
