"""Whether drawn digits are read as the digits that were asked for.

    keras-nn train image-generator --recipe digits-vae
    python benchmarks/drawn_digits.py RUN [RUN ...] [--each 100]

LeNet-5 is trained on the real digits of scikit-learn (the training part of the
run's own split), enlarged from 8x8 to 28x28 pixels. It reads the real test
digits, and `--each` pictures of each class that every run draws, seed 0.

An InfoGAN learns without labels: values of its first code take the place of
classes, each is given to one digit so that most drawn pictures are read as
theirs, and its own reading of the real test digits is scored likewise.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from scipy.optimize import linear_sum_assignment

from keras_nn import data
from keras_nn.applications import Run
from keras_nn.models import lenet5_extractor


def enlarged(pictures):
    """8x8 pictures of 0..255 as 28x28 ones of 0..1."""
    pictures = tf.cast(pictures, "float32") / 255
    return tf.image.resize(pictures, (28, 28)).numpy()


def reader(splits):
    """LeNet-5, trained on real digits."""
    keras.utils.set_random_seed(0)
    x, y = enlarged(splits.train.x), splits.train.y
    how = {"epochs": 25, "batch_size": 32, "learning_rate": 2e-3}
    return lenet5_extractor(x, y, (0, 1), **how)[1]


def assigned(codes, digits):
    """The digit of each of ten codes, such that most pairs agree."""
    pairs = np.zeros((10, 10))
    np.add.at(pairs, (codes, digits), 1)
    return linear_sum_assignment(pairs, maximize=True)[1]


def found_codes(app, split):
    """Text: how well an InfoGAN tells real digits apart by its first code."""
    pictures = app.scaled(split.x).numpy()
    codes = app.generator.read_codes(pictures)[0].argmax(-1)
    given = assigned(codes, split.y)
    right = np.mean(given[codes] == split.y)
    return f"; by its code {right:.1%} of {len(codes)} real test digits"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--each", type=int, default=100)
    arguments = parser.parse_args()
    runs = [Run.open(path) for path in arguments.runs]
    splits = data.load("digits", seed=runs[0].config["seed"])
    judge = reader(splits)
    found = judge.evaluate(
        enlarged(splits.test.x), splits.test.y, verbose=0, return_dict=True
    )
    print(
        f"LeNet-5 reads {found['accuracy']:.1%} of {len(splits.test.y)} real "
        "test digits",
        flush=True,
    )
    for run in runs:
        app = run.load()
        asked = np.repeat(np.arange(10), arguments.each)
        start = time.perf_counter()
        drawn = app.generate(len(asked), asked, seed=0)
        seconds = time.perf_counter() - start
        read = judge.predict(enlarged(drawn), verbose=0).argmax(-1)
        told = ""
        if app.num_classes is None:
            given = assigned(asked, read)
            asked = given[asked]
            told = f"; digits of codes 0 to 9: {given.tolist()}"
            told += found_codes(app, splits.test)
        by_class = (read == asked).reshape(10, -1).mean(axis=1)
        worst = asked[by_class.argmin() * arguments.each]
        print(
            f"{run.config['recipe']}: {np.mean(read == asked):.1%} of "
            f"{len(asked)} drawn digits read as asked (worst class "
            f"{worst}: {by_class.min():.0%}); trained in "
            f"{run.metrics['train_seconds']:.0f} s, drawn in {seconds:.1f} s"
            f"{told}"
        )


if __name__ == "__main__":
    main()
