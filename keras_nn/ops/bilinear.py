from keras import ops


def sample_bilinear(x, down, right):
    """Values between pixels; beyond the picture lies 0.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        down: float32 tensor `(batch, ...)`: rows, the first is 0.
        right: float32 tensor of the same shape: columns.

    Returns:
        A tensor `(batch, ..., channels)`.

    Example:

    >>> x = ops.reshape(ops.arange(4.0), (1, 2, 2, 1))
    >>> middle = ops.full((1, 1), 0.5)
    >>> float(sample_bilinear(x, middle, middle)[0, 0, 0])
    1.5
    """
    top, left = ops.floor(down), ops.floor(right)
    below, beside = down - top, right - left
    found = 0.0
    for dy, wy in ((0, 1 - below), (1, below)):
        for dx, wx in ((0, 1 - right + left), (1, beside)):
            found = found + _pixels(x, top + dy, left + dx, wy * wx)
    return found


def _pixels(x, rows, columns, weight):
    """Pixels at whole places times a weight, 0 beyond the picture."""
    height, width = ops.shape(x)[1:3]
    high, wide = (ops.cast(n - 1, "float32") for n in (height, width))
    inside = ops.logical_and(rows >= 0, rows <= high)
    inside = ops.logical_and(inside, columns >= 0)
    inside = ops.logical_and(inside, columns <= wide)
    weight = ops.where(inside, weight, 0.0)
    rows = ops.cast(ops.clip(rows, 0.0, high), "int32")
    columns = ops.cast(ops.clip(columns, 0.0, wide), "int32")
    channels = x.shape[-1]
    flat = ops.reshape(x, (-1, height * width, channels))
    index = ops.reshape(rows * width + columns, (ops.shape(x)[0], -1, 1))
    found = ops.take_along_axis(flat, index, axis=1)
    found = ops.reshape(found, (*ops.shape(rows), channels))
    return found * ops.cast(weight[..., None], x.dtype)
