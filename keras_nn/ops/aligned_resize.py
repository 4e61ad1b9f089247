from keras import ops


def aligned_resize(x, height, width):
    """A map of another size, bilinearly, whose corners stay where they are.

    `y_i = x` at the place `i (n - 1) / (m - 1)` of a side of `n` pixels that
    is to have `m`, which is what PyTorch calls `align_corners=True`.

    Args:
        x: float tensor of shape `(batch, rows, columns, channels)`.
        height: int, or a scalar tensor. Rows of the result.
        width: int, or a scalar tensor. Columns of the result.

    Returns:
        A float tensor of shape `(batch, height, width, channels)`.

    Example:

    >>> from keras import ops
    >>> x = ops.reshape(ops.convert_to_tensor([0.0, 4.0]), (1, 1, 2, 1))
    >>> ops.convert_to_numpy(aligned_resize(x, 1, 3))[0, 0, :, 0].tolist()
    [0.0, 2.0, 4.0]
    """
    rows, columns = ops.shape(x)[1:3]
    x = ops.einsum("ih,bhwc->biwc", _shares(rows, height, x.dtype), x)
    return ops.einsum("jw,biwc->bijc", _shares(columns, width, x.dtype), x)


def _shares(old, new, dtype):
    """The matrix `(new, old)` of what each new place takes of the old ones."""
    last = ops.cast(old, "float32") - 1.0
    step = last / ops.maximum(ops.cast(new, "float32") - 1.0, 1.0)
    place = ops.cast(ops.arange(new, dtype="int32"), "float32") * step
    known = ops.cast(ops.arange(old, dtype="int32"), "float32")
    distance = ops.abs(ops.expand_dims(place, 1) - ops.expand_dims(known, 0))
    return ops.cast(ops.maximum(1.0 - distance, 0.0), dtype)
