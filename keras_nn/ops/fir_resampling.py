"""Pictures of half and double size, by the filter of StyleGAN2."""

import numpy as np
from keras import ops

TAPS = (1.0, 3.0, 3.0, 1.0)


def smoothed(x, before, after, gain=1.0, strides=1):
    """A picture through `(1, 3, 3, 1) / 8` along both axes.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        before: int. Zeros above and to the left.
        after: int. Zeros below and to the right.
        gain: float. What the result is multiplied by.
        strides: int. Distance between the pixels kept.

    Returns:
        A tensor `(batch, height', width', channels)`.
    """
    kernel = np.outer(TAPS, TAPS)
    kernel = kernel / kernel.sum() * gain
    kernel = np.tile(kernel[:, :, None, None], (1, 1, x.shape[-1], 1))
    sides = (before, after)
    return ops.depthwise_conv(
        ops.pad(x, ((0, 0), sides, sides, (0, 0))),
        ops.cast(kernel, x.dtype),
        strides=strides,
        padding="valid",
        data_format="channels_last",
    )


def doubled(x):
    """A picture of twice the height and width.

    Args:
        x: float tensor `(batch, height, width, channels)`.

    Returns:
        A tensor `(batch, 2 height, 2 width, channels)`.

    Example:

    >>> doubled(ops.ones((1, 4, 4, 1)))[0, 3, :, 0].numpy().tolist()
    [0.75, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.75]

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958)
    """
    height, width, channels = ops.shape(x)[1:]
    x = ops.reshape(x, (-1, height, 1, width, 1, channels))
    sides = ((0, 0), (0, 0), (0, 1), (0, 0), (0, 1), (0, 0))
    x = ops.reshape(ops.pad(x, sides), (-1, 2 * height, 2 * width, channels))
    return smoothed(x, 2, 1, gain=4.0)


def halved(x):
    """A picture of half the height and width; see `doubled`.

    >>> tuple(halved(ops.ones((1, 4, 4, 1))).shape)
    (1, 2, 2, 1)
    """
    return smoothed(x, 1, 1, strides=2)
