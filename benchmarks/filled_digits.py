"""How well holes in digits are filled.

    keras-nn train inpainter
    python benchmarks/filled_digits.py RUN [--count 359] [--fillings 8]

Of the test digits of scikit-learn, a rectangle of a third to two thirds of
each side is taken away, seed 0, and filled: by the run, by the mean of so many
fillings of the run (none: left out), by the mean of what is known, by the
biharmonic equation (what scikit-image's `inpaint_biharmonic` solves), by
black. Printed are decibels in the holes, and how many filled digits LeNet-5,
trained on the whole training digits, reads right.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from drawn_digits import enlarged
from drawn_digits import reader
from scipy import sparse
from scipy.sparse.linalg import spsolve

from keras_nn import data
from keras_nn.applications import Run
from keras_nn.applications.picture_holes import drawn_holes


def biharmonic(picture, hole):
    """The smoothest filling: the Laplacian of the Laplacian is 0 in it."""
    height, width = hole.shape

    def second(size):
        line = sparse.diags([1.0, -2.0, 1.0], [-1, 0, 1], (size, size)).tolil()
        line[0, 0] = line[-1, -1] = -1  # mirrored at the margin
        return line

    laplacian = sparse.kronsum(second(width), second(height)).tocsr()
    system = laplacian @ laplacian
    inside = np.flatnonzero(hole)
    known = np.flatnonzero(~hole)
    flat = picture.astype("float64").ravel()
    right = -system[inside][:, known] @ flat[known]
    flat[inside] = spsolve(system[inside][:, inside].tocsc(), right)
    return flat.reshape(hole.shape).clip(0, 255)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("--count", type=int, default=359)
    parser.add_argument("--fillings", type=int, default=8)
    arguments = parser.parse_args()
    run = Run.open(arguments.run)
    app = run.load()
    splits = data.load("digits", seed=run.config["seed"])
    digits, labels = splits.test.arrays(arguments.count)
    digits = digits.astype("uint8")
    holes = drawn_holes(len(digits), *digits.shape[1:3])
    start = time.perf_counter()
    filled = {"diffusion": np.stack(app.fill(digits, holes))}
    seconds = time.perf_counter() - start
    if seeds := range(arguments.fillings):
        filled[f"mean of {len(seeds)} fillings"] = np.mean(
            [app.fill(digits, holes, seed) for seed in seeds], axis=0
        )
    for name, fill in (
        ("biharmonic", biharmonic),
        ("mean", lambda picture, hole: picture[~hole].mean()),
        ("black", lambda picture, hole: 0),
    ):
        found = digits.astype("float32")
        for picture, hole in zip(found, holes, strict=True):
            said = np.broadcast_to(fill(picture[..., 0], hole), hole.shape)
            picture[hole, 0] = said[hole]
        filled[name] = found
    filled["original"] = digits
    judge = reader(splits)
    print(
        f"{len(digits)} digits, {holes.mean():.0%} of them holes; filled in "
        f"{seconds:.1f} s; trained in {run.metrics['train_seconds']:.0f} s"
    )
    pixels = digits[holes].astype("float64")
    for name, pictures in filled.items():
        error = np.mean((pixels - pictures[holes]) ** 2)
        decibels = 10 * np.log10(255**2 / error) if error else np.inf
        read = judge.predict(enlarged(pictures), verbose=0).argmax(-1)
        print(
            f"{name:18} {decibels:6.2f} dB in all holes, read right "
            f"{np.mean(read == labels):.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
