"""Bicubic scaling of pictures by whole factors, as one convolution."""

import numpy as np
from keras import ops


def bicubic_upscale(pictures, factor):
    """Makes pictures larger by a whole factor with Keys's cubic kernel.

    `y_x = sum_j k((x + 1/2) / f - 1/2 - j) x_j / sum_j k(...)`

    along both axes, over the pixels `j` inside of the picture, with the kernel
    of `a = -1/2`. It equals Pillow's `Resampling.BICUBIC` up to the rounding
    to 8 bits, and `tf.image.resize(..., "bicubic")`.

    Args:
        pictures: float tensor `(batch, height, width, channels)`.
        factor: int.

    Returns:
        A float tensor `(batch, factor * height, factor * width, channels)`.

    Example:

    >>> bicubic_upscale(ops.ones((1, 4, 4, 3)), 2).shape
    TensorShape([1, 8, 8, 3])

    Reference:
        [Keys, 1981](https://doi.org/10.1109/TASSP.1981.1163711)
    """
    if factor == 1:
        return pictures
    offsets = np.arange(-2, 3)
    phases = (np.arange(factor) + 0.5) / factor - 0.5
    lines = keys_kernel(phases[:, None] - offsets)  # (factor, 5)
    kernel = np.einsum("py,qx->yxpq", lines, lines)
    shares = _convolved(pictures, kernel.reshape(5, 5, -1), 1)
    return ops.depth_to_space(shares, factor, data_format="channels_last")


def bicubic_downscale(pictures, factor):
    """Makes pictures smaller by a whole factor, without aliasing.

    As `bicubic_upscale`, with a kernel that is `factor` times as wide: what
    Pillow and MATLAB's `imresize` do, by which pictures are degraded in the
    literature of super-resolution.

    Args:
        pictures: float tensor `(batch, height, width, channels)`; height and
            width are multiples of `factor`.
        factor: int.

    Returns:
        A float tensor `(batch, height / factor, width / factor, channels)`.

    Example:

    >>> bicubic_downscale(ops.ones((1, 6, 6, 3)), 3).shape
    TensorShape([1, 2, 2, 3])
    """
    if factor == 1:
        return pictures
    # Taps about the centre (i + 1/2) f - 1/2 of the output pixel i.
    offsets = np.arange(4 * factor) - 2 * factor + 0.5
    if factor % 2:
        offsets = np.arange(-2 * factor, 2 * factor + 1)
    line = keys_kernel(offsets / factor)
    kernel = np.outer(line, line)[..., None]
    return _convolved(pictures, kernel, factor)


def keys_kernel(x):
    """The cubic kernel of `a = -1/2`: array of the shape of `x`.

    >>> keys_kernel(np.array([0.0, 1.0])).tolist()
    [1.0, 0.0]
    """
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _convolved(pictures, kernel, stride):
    """Each channel with the kernels `(h, w, kernels)`, normalised at margins.

    Returns channels in the order `(kernel, channel)`.
    """
    dtype = pictures.dtype
    x = ops.cast(pictures, "float32")
    channels, count = x.shape[-1], kernel.shape[-1]
    each = np.einsum("yxk,cd->yxckd", kernel, np.eye(channels))
    each = each.reshape(*kernel.shape[:2], channels, count * channels)
    inside = ops.ones_like(x[:1, :, :, :1])
    weight = _conv(inside, kernel[:, :, None], stride)  # (1, h, w, count)
    y = _conv(x, each, stride) / ops.repeat(weight, channels, axis=-1)
    return ops.cast(y, dtype)


def _conv(x, kernel, stride):
    side = kernel.shape[0]
    before = (side - stride) // 2
    behind = side - stride - before
    x = ops.pad(x, ((0, 0), (before, behind), (before, behind), (0, 0)))
    return ops.conv(
        x,
        ops.convert_to_tensor(kernel, "float32"),
        strides=stride,
        padding="valid",
        data_format="channels_last",
    )
