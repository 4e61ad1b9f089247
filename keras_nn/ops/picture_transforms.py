"""Transforms of a batch of pictures, each with a strength of its own.

Values lie in 0..255, shapes are `(n, height, width, channels)`, and a
strength is a float tensor `(n,)`, unless it says otherwise. What they compute
is what Pillow computes, but for its rounding to whole numbers.
"""

import numpy as np
from keras import ops

LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R 601, of red, green, blue
_LEVELS = 256


def warp(pictures, matrices, fill=0.0):
    """Takes each pixel from where an affine map says, the nearest one.

    `y[i, j] = x[floor(A (j + 1/2, i + 1/2, 1))]`, columns before rows

    Args:
        pictures: float tensor `(n, height, width, channels)`.
        matrices: float tensor `(n, 2, 3)`, in pixels.
        fill: float. Value of what comes from outside. Defaults to 0.

    Returns:
        A tensor like `pictures`.

    Example:

    >>> x = ops.reshape(ops.arange(4.0), (1, 2, 2, 1))
    >>> left = warp(x, ops.convert_to_tensor([[[1.0, 0, 1], [0, 1.0, 0]]]))
    >>> ops.convert_to_numpy(left)[0, ..., 0].tolist()
    [[1.0, 0.0], [3.0, 0.0]]
    """
    count, height, width, channels = ops.shape(pictures)
    x = ops.arange(width, dtype="float32")[None, None, :] + 0.5
    y = ops.arange(height, dtype="float32")[None, :, None] + 0.5
    matrices = ops.cast(matrices, "float32")[:, :, :, None, None]
    column, row = (
        ops.cast(
            ops.floor(
                matrices[:, i, 0] * x
                + matrices[:, i, 1] * y
                + matrices[:, i, 2]
            ),
            "int32",
        )
        for i in (0, 1)
    )
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    picture = ops.arange(count, dtype="int32")[:, None, None]
    place = (picture * height + ops.clip(row, 0, height - 1)) * width
    place = place + ops.clip(column, 0, width - 1)
    pixels = ops.take(ops.reshape(pictures, (-1, channels)), place, axis=0)
    return ops.where(inside[..., None], pixels, ops.cast(fill, pixels.dtype))


def luminance(pictures):
    """The grey of each pixel: a tensor `(n, height, width, 1)`.

    Of three channels the weighted mean of `LUMINANCE`, else the mean.
    """
    if pictures.shape[-1] != 3:
        return ops.mean(pictures, axis=-1, keepdims=True)
    weights = ops.convert_to_tensor(LUMINANCE, dtype=pictures.dtype)
    return ops.sum(pictures * weights, axis=-1, keepdims=True)


def smooth(pictures):
    """A 3x3 mean with weight 5 in its middle; the border stays as it is."""
    height, width = ops.shape(pictures)[1:3]
    padded = ops.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 0)))
    total = 4.0 * pictures
    for i in range(3):
        for j in range(3):
            total = total + padded[:, i : i + height, j : j + width]
    rows, columns = ops.arange(height), ops.arange(width)
    inner = ((rows > 0) & (rows < height - 1))[:, None, None] & (
        (columns > 0) & (columns < width - 1)
    )[None, :, None]
    return ops.where(inner, total / 13.0, pictures)


def blend(pictures, other, factor):
    """`other + factor (pictures - other)`, kept within 0..255."""
    factor = ops.cast(factor, pictures.dtype)[:, None, None, None]
    return ops.clip(other + factor * (pictures - other), 0.0, 255.0)


def posterize(pictures, bits):
    """Keeps so many of the 8 bits of each value; `bits` 0 leaves black."""
    step = ops.power(2.0, 8.0 - ops.cast(bits, pictures.dtype))
    step = step[:, None, None, None]
    # A whole value that came from another range may lack a last digit.
    return ops.floor(pictures / step + 1e-4) * step


def solarize(pictures, threshold):
    """Turns round what is at the threshold or above: `255 - x`."""
    threshold = ops.cast(threshold, pictures.dtype)[:, None, None, None]
    return ops.where(pictures < threshold, pictures, 255.0 - pictures)


def auto_contrast(pictures):
    """Stretches each channel of each picture over 0..255."""
    low = ops.min(pictures, axis=(1, 2), keepdims=True)
    reach = ops.max(pictures, axis=(1, 2), keepdims=True) - low
    flat = reach <= 0
    stretched = (pictures - low) * (255.0 / ops.where(flat, 1.0, reach))
    return ops.where(flat, pictures, stretched)


def equalize(pictures):
    """Gives the values of each channel of each picture even frequencies.

    Values are rounded to whole ones first. The table of new values is that
    of Pillow, which leaves channels of few values as they are.
    """
    count, height, width, channels = ops.shape(pictures)
    values = ops.cast(ops.round(ops.clip(pictures, 0.0, 255.0)), "int32")
    planes = ops.reshape(ops.arange(count * channels), (count, 1, 1, channels))
    place = ops.cast(planes, "int32") * _LEVELS + values
    histogram = ops.segment_sum(
        ops.ones_like(ops.reshape(place, (-1,)), dtype="float32"),
        ops.reshape(place, (-1,)),
        num_segments=count * channels * _LEVELS,
    )
    histogram = ops.reshape(histogram, (count * channels, _LEVELS))
    level = ops.convert_to_tensor(np.arange(_LEVELS, dtype="float32"))
    last = ops.max(ops.where(histogram > 0, level, 0.0), axis=1, keepdims=True)
    of_last = ops.sum(
        ops.where(level == last, histogram, 0.0), axis=1, keepdims=True
    )
    total = ops.cast(height * width, "float32")
    step = ops.floor((total - of_last) / 255.0)
    below = ops.cumsum(histogram, axis=1) - histogram
    whole = ops.maximum(step, 1.0)
    table = ops.floor((ops.floor(step / 2.0) + below) / whole)
    table = ops.where(step < 1, level, ops.minimum(table, 255.0))
    found = ops.take(ops.reshape(table, (-1,)), place)
    return ops.cast(found, pictures.dtype)
