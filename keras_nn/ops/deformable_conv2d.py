import numpy as np
from keras import ops

from keras_nn.ops.bilinear import sample_bilinear


def deformable_conv2d(
    inputs,
    kernel,
    offsets,
    masks=None,
    strides=1,
    padding="same",
    dilation_rate=1,
):
    """A convolution whose taps lie where each place wants them.

    `y(p) = sum_k w_k m_k(p) x(s p + d k + o_k(p))`

    read bilinearly between pixels; beyond the picture lies 0.

    Args:
        inputs: float tensor `(batch, height, width, channels)`.
        kernel: float tensor `(rows, columns, channels, filters)`.
        offsets: float tensor `(batch, out height, out width, groups * taps *
            2)` of `(y, x)`, in pixels, tap after tap, row after row; each
            group moves as many of the channels.
        masks: float tensor `(batch, out height, out width, groups * taps)` or
            None: what each tap is multiplied by.
        strides: int or pair.
        padding: str. `"same"` or `"valid"`, as in `keras.ops.conv`.
        dilation_rate: int or pair.

    Returns:
        A float tensor `(batch, out height, out width, filters)`.

    Raises:
        ValueError: if the groups do not divide the channels, or there are
            offsets of another number than taps.

    Example:

    >>> from keras import ops
    >>> x, kernel = ops.ones((1, 4, 4, 2)), ops.ones((3, 3, 2, 5))
    >>> y = deformable_conv2d(x, kernel, ops.zeros((1, 4, 4, 18)))
    >>> float(y[0, 1, 1, 0]), tuple(y.shape)
    (18.0, (1, 4, 4, 5))

    Reference:
        [Dai et al., 2017](https://arxiv.org/abs/1703.06211);
        [Zhu et al., 2018](https://arxiv.org/abs/1811.11168), equation 1.
    """
    rows, columns, channels, filters = kernel.shape
    taps = rows * columns
    strides, dilation_rate = _pair(strides), _pair(dilation_rate)
    groups, rest = divmod(offsets.shape[-1], 2 * taps)
    if rest or not groups or channels % groups:
        raise ValueError(
            "`offsets` must hold two numbers for each tap and group, and the "
            f"groups divide the channels. Received: {offsets.shape[-1]} "
            f"numbers, {taps} taps, {channels} channels"
        )
    batch, height, width = ops.shape(inputs)[:3]
    out_height, out_width = ops.shape(offsets)[1:3]
    kernel_size = (rows, columns)
    y, x = (
        _first(size, out, k, s, d, padding)
        for size, out, k, s, d in zip(
            (height, width),
            (out_height, out_width),
            kernel_size,
            strides,
            dilation_rate,
            strict=True,
        )
    )
    i, j = (a.ravel() for a in np.mgrid[:rows, :columns])
    shape = (batch, out_height, out_width, groups, taps, 2)
    offsets = ops.reshape(ops.cast(offsets, "float32"), shape)
    down = ops.arange(out_height, dtype="float32") * strides[0] + y
    right = ops.arange(out_width, dtype="float32") * strides[1] + x
    down = ops.reshape(down, (1, -1, 1, 1, 1))
    right = ops.reshape(right, (1, 1, -1, 1, 1))
    i = ops.convert_to_tensor(i * dilation_rate[0], "float32")
    j = ops.convert_to_tensor(j * dilation_rate[1], "float32")
    # (batch, out height, out width, groups, taps)
    down, right = down + i + offsets[..., 0], right + j + offsets[..., 1]
    parts = ops.split(inputs, groups, axis=-1) if groups > 1 else [inputs]
    seen = []
    for group, part in enumerate(parts):
        found = sample_bilinear(part, down[..., group, :], right[..., group, :])
        if masks is not None:
            share = masks[..., group * taps : (group + 1) * taps]
            found = found * ops.cast(share[..., None], found.dtype)
        seen.append(found)  # (batch, out height, out width, taps, channels)
    seen = ops.concatenate(seen, axis=-1) if groups > 1 else seen[0]
    seen = ops.reshape(seen, (-1, out_height, out_width, taps * channels))
    return ops.matmul(seen, ops.reshape(kernel, (taps * channels, filters)))


def deformable_output_size(size, kernel_size, stride, dilation_rate, padding):
    """Places along an axis; None for None.

    Args:
        size: int or None. Pixels along the axis.
        kernel_size: int.
        stride: int.
        dilation_rate: int.
        padding: str. `"same"` or `"valid"`.

    Example:

    >>> deformable_output_size(7, 3, 2, 1, "valid")
    3
    """
    if size is None:
        return None
    if padding == "valid":
        size -= dilation_rate * (kernel_size - 1)
    return -(-size // stride)


def _first(size, out, kernel_size, stride, dilation_rate, padding):
    """Where the first tap of the first place lies."""
    if padding == "valid":
        return 0.0
    reach = dilation_rate * (kernel_size - 1) + 1
    missing = ops.cast((out - 1) * stride + reach - size, "float32")
    return -ops.floor(ops.maximum(missing, 0.0) / 2)


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)
