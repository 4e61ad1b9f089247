"""Tables and picture folders, as an anomaly detector reads them."""

import os

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.table_files import read_rows


def read_parts(path, recipe, seed, settings):
    """The user's own data: a CSV file, or a folder of class folders.

    Args:
        path: str.
        recipe: `Recipe`.
        seed: int. Of the split.
        settings: dict of settings, resolved.

    Returns:
        `keras_nn.data.Splits`.
    """
    how = {
        "validation_fraction": settings["validation_fraction"],
        "test_fraction": settings["test_fraction"],
        "seed": seed,
    }
    if not os.path.isdir(path):
        return data.from_csv(path, settings["target"], **how)
    folders = [entry for entry in os.scandir(path) if entry.is_dir()]
    if recipe is not None and recipe.data is not None and not folders:
        return data.load(
            recipe.data,
            path=path,
            seed=seed,
            validation_fraction=settings["validation_fraction"],
        )
    size = settings["image_size"]
    size = (size, size) if isinstance(size, int) else size
    return data.from_directory(path, image_size=size, **how)


def read_examples(app, path):
    """Examples under a path, and what each is called.

    Args:
        app: `AnomalyDetector`.
        path: str. A CSV file, a picture or a folder of pictures.

    Returns:
        `(inputs, names)`: an array `(n, ...)`, and a list of str.
    """
    shape = app.example_shape
    if len(shape) == 1:
        rows = read_rows(path, app.feature_names, shape[0])
        return rows, [f"row {number}" for number in range(1, len(rows) + 1)]
    files = picture_files(path)
    read = data.ImageReader(**how_to_read((None, *shape)))
    return np.stack([read(file) for file in files]), files


def example_shape(model):
    """The shape of what a model learns: a tuple."""
    if hasattr(model, "example_shape"):
        return tuple(model.example_shape)
    encoder = getattr(model, "encoder", None)
    if encoder is None:
        raise ValueError(
            "`model` must have an `encoder`, or say its `example_shape`. "
            f"Received: {model}"
        )
    return tuple(encoder.inputs[0].shape[1:])


def number(weight):
    """The value of a scalar weight, on replicas too: a float."""
    return float(keras.ops.convert_to_numpy(weight))
