"""Crops of the two photographs that scikit-learn carries: no download."""

import functools

import numpy as np

from keras_nn.data.reduced import reduced
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

NAMES = ("china", "flower")
# Columns of the pictures, 640 wide: what is learnt from, what is tested on.
COLUMNS = {
    "train": ((0, 240), (480, 636)),
    "validation": ((396, 480),),
    "test": ((240, 396),),
}
# The same for squares of 64 pixels at half the size.
WIDE_COLUMNS = {
    "train": ((0, 224), (480, 636)),
    "validation": ((352, 480),),
    "test": ((224, 352),),
}
ROWS = 420  # of 427, a multiple of the scales 2, 3 and 4


@functools.cache
def photograph(name):
    """A photograph: uint8 `(427, 640, 3)`, not to be written to.

    Args:
        name: str. `"china"`, a temple, or `"flower"`, a dahlia.

    Raises:
        ValueError: if there is none of this name.

    Example:

    >>> photograph("china").shape
    (427, 640, 3)
    """
    if name not in NAMES:
        raise ValueError(f"`name` must be one of {NAMES}. Received: {name!r}")
    from sklearn.datasets import load_sample_image

    picture = np.array(load_sample_image(f"{name}.jpg"))
    picture.setflags(write=False)
    return picture


def crops(picture, side, step):
    """Squares of a picture, row by row: `(n, side, side, channels)`.

    Args:
        picture: array `(height, width, channels)`.
        side: int. In pixels.
        step: int. Distance from one to the next, in pixels.
    """
    height, width = picture.shape[:2]
    return np.stack(
        [
            picture[y : y + side, x : x + side]
            for y in range(0, height - side + 1, step)
            for x in range(0, width - side + 1, step)
        ]
    )


def photographs():
    """Squares of 64 pixels of two photographs; which of the two is the label.

    The photographs are made half as large before, so that a square shows more
    than a single colour. Test and validation squares come from other columns.
    """
    parts = {}
    for part, ranges in WIDE_COLUMNS.items():
        step = 8 if part == "train" else 64
        found = [
            np.concatenate(
                [crops(reduced(p[None], 2)[0], 64, step) for p in pieces]
            )
            for pieces in (_pieces(name, ranges) for name in NAMES)
        ]
        labels = np.repeat(np.arange(2), [len(squares) for squares in found])
        parts[part] = Split(np.concatenate(found), labels)
    return Splits(
        **parts,
        class_names=NAMES,
        name="photographs",
        description="Squares of 64 pixels of two photographs at half their "
        "size. The columns 0 to 223 and 480 to 635 are learnt from, 352 to "
        "479 are the validation set, 224 to 351 the test set.",
        **_ORIGIN,
    )


def reduced_photographs(scale):
    """Pairs of small and large pictures, by bicubic reduction.

    Squares of 48 pixels of the left and right of two photographs to learn
    from; to test on, the middle of each as a whole.

    Args:
        scale: int. 2, 3 or 4.
    """
    parts = {}
    for part, ranges in COLUMNS.items():
        pieces = [p for name in NAMES for p in _pieces(name, ranges)]
        if part == "train":
            large = np.concatenate([crops(p, 48, 24) for p in pieces])
        else:
            large = np.stack(pieces)
        parts[part] = Split(reduced(large, scale), large)
    return Splits(
        **parts,
        name=f"photographs-x{scale}",
        description="Two photographs, reduced bicubically by a factor of "
        f"{scale}, and as they were; squares of 48 pixels to learn from. "
        f"{_WHERE}",
        **_ORIGIN,
    )


def _pieces(name, ranges):
    """The columns of a photograph that belong to a part."""
    return [photograph(name)[:ROWS, start:stop] for start, stop in ranges]


_WHERE = (
    "The columns 0 to 239 and 480 to 635 are learnt from, 396 to 479 are the "
    "validation set, 240 to 395 the test set."
)
_ORIGIN = {
    "source": "sample images of scikit-learn (danielbuechele, vultilion)",
    "licence": "CC BY 2.0",
}
