import dataclasses
from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.picture_check import check_pictures


def picture_files(path):
    """The picture files under a path, sorted, each known to be readable.

    Args:
        path: str. A picture, or a folder; its sub-folders are searched, too.

    Returns:
        A list of str.

    Raises:
        FileNotFoundError: if there is no such path.
        ValueError: if there is no picture, or naming every unreadable one.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    files = [str(path)]
    if path.is_dir():
        files = sorted(
            str(file)
            for file in path.rglob("[!.]*")
            if file.suffix.lower() in EXTENSIONS
        )
    if not files:
        raise ValueError(
            "There is no picture in the folder "
            f"({' '.join(EXTENSIONS)}). Received: {path}"
        )
    bad = [p for p in check_pictures(files) if p.defect]
    if bad:
        listed = "; ".join(f"{p.path}: {p.defect}" for p in bad)
        raise ValueError(
            f"Pictures must be readable. Received: {len(bad)} unreadable of "
            f"{len(files)}: {listed}"
        )
    return files


def how_to_read(input_shape):
    """How files become pictures of a network's input shape.

    Args:
        input_shape: tuple `(batch, height, width, channels)`.

    Returns:
        A dict of arguments for `keras_nn.data.ImageReader`.

    Example:

    >>> how_to_read((None, 8, 12, 1))
    {'image_size': (8, 12), 'color_mode': 'grayscale'}
    """
    height, width, channels = input_shape[1:]
    modes = {1: "grayscale", 3: "rgb"}
    if height is None or width is None or channels not in modes:
        raise ValueError(
            "Files are read for networks of one picture size, with 1 or 3 "
            "channels; read them yourself and call `predict_labels`. "
            f"Received: {input_shape=}"
        )
    return {"image_size": (height, width), "color_mode": modes[channels]}


def read_pictures(path, **how):
    """Labelled pictures in class folders, or in shards: a `data.Splits`.

    Args:
        path: str. The folder.
        **how: arguments that `keras_nn.data.from_directory` and
            `keras_nn.data.from_records` both take.

    Raises:
        ValueError: if the shards do not name the classes.
    """
    if not data.is_shard_folder(path):
        return data.from_directory(path, **how)
    splits = data.from_records(path, **how)
    if splits.class_names is None:
        raise ValueError(
            "Shards of labelled pictures must name the classes: "
            f"`write_shards(..., class_names=[...])`. Received: {path}"
        )
    return splits


def labelled_pictures(path, class_names, on_error, **reading):
    """Labelled pictures in a folder, labelled as a trained model labels.

    Args:
        path: str. A folder of class folders, or one of shards. If it has a
            part named test, only that is read.
        class_names: list of str. Entry `k` names label `k` of the model.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.
        **reading: arguments of `keras_nn.data.ImageReader`.

    Returns:
        `keras_nn.data.Split`.

    Raises:
        ValueError: if there is a class that the model does not know.
    """
    splits = read_pictures(
        path,
        validation_fraction=0.0,
        test_fraction=0.0,
        on_error=on_error,
        **reading,
    )
    unknown = set(splits.class_names) - set(class_names or ())
    if unknown:
        raise ValueError(
            f"The model knows the classes {class_names}. Received: pictures "
            f"of other classes, {sorted(unknown)}, in {path}"
        )
    split = splits.test or splits.train
    number = [class_names.index(name) for name in splits.class_names]
    return dataclasses.replace(split, y=np.asarray(number)[split.y])
