"""Digits in chalk and digits in ink, no one of them in both."""

import numpy as np

from keras_nn.data.carried import digits
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits
from keras_nn.ops.bicubic import bicubic_upscale

PAPER, INK = np.array([20, 40, 110.0]), np.array([255, 215, 90.0])
VALIDATION = 144


def in_chalk(pictures):
    """8x8 digits as 16x16 pictures, white on black, in colour.

    Args:
        pictures: uint8 array `(n, 8, 8, 1)`.

    Returns:
        A uint8 array `(n, 16, 16, 3)`.

    Example:

    >>> int(in_chalk(np.zeros((1, 8, 8, 1), "uint8")).max())
    0
    """
    return np.repeat(_enlarged(pictures), 3, axis=-1).astype("uint8")


def in_ink(pictures):
    """8x8 digits as 16x16 pictures, gold on blue paper; see `in_chalk`.

    >>> in_ink(np.zeros((1, 8, 8, 1), "uint8"))[0, 0, 0].tolist()
    [20, 40, 110]
    """
    share = _enlarged(pictures) / 255
    return np.rint(PAPER + share * (INK - PAPER)).astype("uint8")


def digits_in_ink():
    """Digits in chalk to learn from, and others in ink: no pairs.

    In the validation and the test set the target is the input in ink: what
    nobody was shown.
    """
    whole = digits()
    x = whole.train.x
    order = np.random.default_rng(0).permutation(len(x))
    held, rest = order[:VALIDATION], order[VALIDATION:]
    half = len(rest) // 2
    return Splits(
        Split(in_chalk(x[rest[:half]]), in_ink(x[rest[half : 2 * half]])),
        Split(in_chalk(x[held]), in_ink(x[held])),
        Split(in_chalk(whole.test.x), in_ink(whole.test.x)),
        name="digits-in-ink",
        source=whole.source,
        licence=whole.licence,
        description=f"Handwritten digits, uint8 of shape (16, 16, 3): {half} "
        f"white on black, and {half} others gold on blue. Validation "
        f"({VALIDATION}) and test set hold the same digits in both.",
    )


def _enlarged(pictures):
    large = bicubic_upscale(np.asarray(pictures, "float32"), 2)
    return np.rint(np.clip(np.asarray(large), 0, 255))
