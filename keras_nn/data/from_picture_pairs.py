from pathlib import Path

import numpy as np

from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_pictures import readable_pictures
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.reduced import reduced
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_picture_pairs(
    path,
    scale=2,
    side=48,
    limit=4000,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
):
    """Pairs of small and large squares of the pictures in a folder.

    The parts hold different pictures. Squares are cut at random places, from
    every picture equally many, kept in memory (27 kB each of 96 pixels in
    colour), and reduced bicubically.

    Args:
        path: str. The folder; sub-folders are searched, too.
        scale: int. Large over small. Defaults to 2.
        side: int. Side of a large square, in pixels, a multiple of the scale.
            Defaults to 48.
        limit: int. Squares of the training part. Defaults to 4000.
        validation_fraction: float. Share of the pictures for validation.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same parts and places.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.

    Returns:
        A `Splits` of uint8 arrays: `x` `(n, side / scale, side / scale,
        channels)`, `y` `(n, side, side, channels)`.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If it holds unreadable pictures, too few for the parts, or
            some that are smaller than a square.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for number in range(3):
    ...     Image.new("RGB", (60, 50)).save(folder / f"{number}.png")
    >>> splits = from_picture_pairs(folder, limit=6)
    >>> splits.train.x.shape, splits.test.y.shape
    ((6, 24, 24, 3), (6, 48, 48, 3))
    """
    if min(scale, side, limit) < 1 or side % scale:
        raise ValueError(
            "`side` must be a positive multiple of `scale`, `limit` positive. "
            f"Received: {side=}, {scale=}, {limit=}"
        )
    good = readable_pictures(path, on_error)
    small = [p for p in good if min(p.size) < side]
    if small:
        raise ValueError(
            f"Pictures must be at least {side} pixels high and wide. "
            f"Received: {small[0].path} of {small[0].size}"
        )
    mode = color_mode or common_color_mode(good)
    random = np.random.default_rng(seed)
    order = random.permutation(len(good))
    counts = {
        "test": _share(len(good), test_fraction),
        "validation": _share(len(good), validation_fraction),
    }
    if len(good) <= sum(counts.values()):
        raise ValueError(
            "There must be a picture for every part. Received: "
            f"{len(good)} pictures for {counts} and training"
        )
    each = -(-limit // (len(good) - sum(counts.values())))
    parts, start = {"validation": None, "test": None}, 0
    for part, count in {**counts, "train": len(good)}.items():
        chosen = [good[i] for i in order[start : start + count]]
        start += count
        if not chosen:
            continue
        large = np.concatenate(
            [_squares(p, side, each, mode, random) for p in chosen]
        )[:limit]
        parts[part] = Split(reduced(large, scale), large)
    return Splits(
        **parts,
        name=Path(path).resolve().name,
        source=str(path),
        description=f"Squares of {side} pixels of {len(good)} pictures, and "
        f"the same reduced bicubically by {scale}; every part has pictures of "
        f"its own, drawn with {seed=}.",
    )


def _share(count, fraction):
    return max(1, round(count * fraction)) if fraction else 0


def _squares(picture, side, count, mode, random):
    whole = ImageReader(picture.size, mode)(picture.path)
    height, width = picture.size
    ys = random.integers(0, height - side + 1, count)
    xs = random.integers(0, width - side + 1, count)
    return np.stack(
        [whole[y : y + side, x : x + side] for y, x in zip(ys, xs, strict=True)]
    )
