"""The four official files of MNIST, read from a folder."""

import gzip
import pathlib

import numpy as np


def load_mnist(folder):
    """`(x_train, y_train), (x_test, y_test)`, pictures uint8 (n, 28, 28, 1)."""
    folder = pathlib.Path(folder)
    return tuple(
        (
            _read(folder / f"{part}-images-idx3-ubyte.gz", 16).reshape(
                -1, 28, 28, 1
            ),
            _read(folder / f"{part}-labels-idx1-ubyte.gz", 8).astype("int32"),
        )
        for part in ("train", "t10k")
    )


def _read(path, header):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), "uint8", offset=header)
