from pathlib import Path

import numpy as np

from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_pictures(
    path,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    crop_to_aspect_ratio=True,
):
    """Pictures in a folder, without classes: its sub-folders do not count.

    Args:
        path: str. The folder.
        image_size: optional tuple `(height, width)` in pixels that pictures
            are scaled to. May be left out where all have one size.
        validation_fraction: float. Share of the pictures for validation.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.
        crop_to_aspect_ratio: bool. Whether scaling cuts off the margins in
            place of distorting. Defaults to True.

    Returns:
        A `Splits` whose splits decode their files: uint8 pictures of shape
        `(height, width, channels)`; every target is 0.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If it holds no picture, or unreadable ones.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for number in range(10):
    ...     Image.new("RGB", (9, 6)).save(folder / f"{number}.png")
    >>> from_pictures(folder).train
    Split(8 examples of shape (6, 9, 3))
    """
    good = readable_pictures(path, on_error)
    reader = ImageReader(
        tuple(image_size or common_size(good)),
        color_mode or common_color_mode(good),
        crop_to_aspect_ratio,
    )
    files = np.array([picture.path for picture in good], str)
    whole = Split(files, np.zeros(len(files), "int64"), reader)
    splits = draw_parts(
        {"train": whole}, validation_fraction, test_fraction, seed
    )
    return Splits(
        **splits,
        name=Path(path).resolve().name,
        source=str(path),
        description=f"{len(files)} pictures, uint8 of shape {reader.shape}; "
        f"parts drawn with {seed=}.",
    )


def readable_pictures(path, on_error="raise"):
    """The pictures under a folder, sorted: a list of `Picture`.

    Args:
        path: str.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If it holds no picture, or unreadable ones.
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder of pictures. Received: {path}"
        )
    files = sorted(
        str(file)
        for file in root.rglob("[!.]*")
        if file.suffix.lower() in EXTENSIONS
    )
    pictures = check_pictures(files)
    report([p for p in pictures if p.defect], len(pictures), on_error)
    good = [p for p in pictures if not p.defect]
    if not good:
        raise ValueError(
            "There is no readable picture in the folder "
            f"({' '.join(EXTENSIONS)}). Received: {path}"
        )
    return good
