"""Holes of pictures: drawn at random, or read from files."""

from pathlib import Path

import numpy as np

from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.from_mask_folders import find_pairs
from keras_nn.data.mask_reader import read_values


def drawn_holes(count, height, width, seed=0):
    """A rectangle for each picture, of a third to two thirds of each side.

    Args:
        count: int. How many.
        height: int. In pixels; 2 or more.
        width: int. Likewise.
        seed: int. The same seed draws the same holes.

    Returns:
        Bool array `(count, height, width)`.

    Example:

    >>> drawn_holes(2, 6, 6, seed=0).any(axis=(1, 2)).tolist()
    [True, True]
    """
    random = np.random.default_rng(seed)
    holes = np.zeros((count, height, width), bool)
    for hole in holes:
        place = []
        for side in (height, width):
            least, most = max(1, side // 3), max(1, 2 * side // 3)
            size = random.integers(least, most + 1)
            start = random.integers(0, side - size + 1)
            place.append(slice(start, start + size))
        hole[tuple(place)] = True
    return holes


def box_hole(box, height, width):
    """The hole that a box makes: bool `(height, width)`.

    Args:
        box: four ints `(left, top, right, bottom)` in pixels; right and
            bottom are outside.
        height: int. Of the picture, in pixels.
        width: int. Likewise.

    Raises:
        WrongRequest: If the box is empty or leaves the picture.

    Example:

    >>> box_hole((1, 0, 3, 1), height=2, width=4).astype(int).tolist()
    [[0, 1, 1, 0], [0, 0, 0, 0]]
    """
    left, top, right, bottom = box
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise WrongRequest(
            "A box is (left, top, right, bottom) in pixels, inside of the "
            f"picture of {width}x{height}. Received: {tuple(box)}"
        )
    hole = np.zeros((height, width), bool)
    hole[top:bottom, left:right] = True
    return hole


def pictures_with_holes(path, color_mode, box=None):
    """Pictures and their holes under a path, each at its own size.

    Args:
        path: str. A picture, or a folder of pictures, whose transparent parts
            are the holes; or a folder with the folders `images` and `masks`,
            files of the same names, white (255, or 1) where there is a hole.
        color_mode: str. `"rgb"` or `"grayscale"`.
        box: optional `(left, top, right, bottom)` in pixels, the hole of
            every picture.

    Returns:
        A list of `(file, picture, hole)`: str, uint8 array `(height, width,
        channels)` and bool array `(height, width)`.

    Raises:
        WrongRequest: Naming the file, if it has no hole, or a mask of another
            size or with other values.
    """
    root = Path(path)
    if box is None and (root / "masks").is_dir():
        pairs = [(str(a), str(b)) for a, b in find_pairs(root)]
        picture_files(root / "images")  # says which cannot be read
    else:
        pairs = [(file, None) for file in picture_files(path)]
    found = []
    for file, mask in pairs:
        picture = read_picture(file, color_mode)
        if box is not None:
            hole = box_hole(box, *picture.shape[:2])
        elif mask is not None:
            hole = _read_mask(mask, picture.shape[:2])
        else:
            hole = _transparent(file, picture.shape[:2])
        found.append((file, picture, hole))
    return found


def _read_mask(file, size):
    values = read_values(file)
    if values.ndim == 3 and not np.ptp(values, axis=-1).any():
        values = values[..., 0]  # grey, stored in colour
    found = np.unique(values).tolist()
    if values.ndim == 3 or not (set(found) <= {0, 255} or set(found) <= {0, 1}):
        raise WrongRequest(
            "A mask is white (255, or 1) where there is a hole and black (0) "
            f"elsewhere. Received: values {found[:5]} in {file}"
        )
    if values.shape != size:
        raise WrongRequest(
            "A mask must have the size of its picture. Received: "
            f"{values.shape[1]}x{values.shape[0]} for a picture of "
            f"{size[1]}x{size[0]}, in {file}"
        )
    return values > 0


def _transparent(file, size):
    from PIL import Image
    from PIL import ImageOps

    with Image.open(file) as picture:
        picture.seek(0)
        if not picture.has_transparency_data:
            raise WrongRequest(
                "Holes are transparent parts of a picture, or come from a "
                "folder `masks` beside `images`, or from a box. Received: no "
                f"transparency in {file}"
            )
        picture = ImageOps.exif_transpose(picture.convert("RGBA"))
        alpha = np.asarray(picture)[..., 3]
    return alpha < 128
