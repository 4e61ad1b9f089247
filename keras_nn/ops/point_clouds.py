"""Which points of a cloud stand for it, and which are near them."""

from keras import ops

FAR = 1e30


def farthest_points(positions, count, mask=None):
    """Points of a cloud that lie far apart: each farthest from those before.

    Args:
        positions: float tensor of shape `(clouds, points, dimensions)`.
        count: int. How many; the first point of a cloud is the first.
        mask: bool tensor of shape `(clouds, points)`, False for padding,
            which is never chosen; the points of a cloud come first.

    Returns:
        `(ids, there)`: int and bool tensors of shape `(clouds, count)`;
        `there` is False where a cloud has no more points.

    Example:

    >>> line = ops.reshape(ops.array([0.0, 1.0, 2.0, 10.0]), (1, 4, 1))
    >>> ids, _ = farthest_points(line, 3)
    >>> print(ops.convert_to_numpy(ids))
    [[0 3 2]]

    Reference:
        [Eldar et al., 1997](https://doi.org/10.1109/83.623193)
    """
    x = ops.cast(ops.stop_gradient(positions), "float32")
    if mask is None:
        mask = ops.ones_like(x[..., 0], dtype="bool")
    # The distance of every point to the nearest one that was chosen.
    near = ops.where(mask, FAR, -1.0)
    chosen = ops.cast(ops.argmax(mask, axis=-1), "int32")
    ids = [chosen]
    for _ in range(count - 1):
        here = ops.take_along_axis(x, chosen[:, None, None], axis=1)
        distance = ops.sum(ops.square(x - here), axis=-1)
        near = ops.where(mask, ops.minimum(near, distance), -1.0)
        chosen = ops.cast(ops.argmax(near, axis=-1), "int32")
        ids.append(chosen)
    size = ops.sum(ops.cast(mask, "int32"), axis=-1)
    there = ops.arange(count, dtype="int32") < size[:, None]
    return ops.stack(ids, axis=1), there


def ball_neighbors(positions, centres, radius, count, mask=None):
    """The points of a cloud within a distance of each centre.

    Args:
        positions: float tensor of shape `(clouds, points, dimensions)`.
        centres: float tensor of shape `(clouds, centres, dimensions)`.
        radius: float.
        count: int. Points of a ball at most, the nearest ones.
        mask: bool tensor of shape `(clouds, points)`, False for padding.

    Returns:
        `(ids, there)`: int and bool tensors of shape `(clouds, centres,
        count)`, or less where there are fewer points; `there` is False where
        a ball has no more points.

    Example:

    >>> line = ops.reshape(ops.array([0.0, 1.0, 2.0, 10.0]), (1, 4, 1))
    >>> ids, there = ball_neighbors(line, line[:, :1], 1.5, 3)
    >>> print(ops.convert_to_numpy(ids)[0], ops.convert_to_numpy(there)[0])
    [[0 1 2]] [[ True  True False]]
    """
    x = ops.cast(ops.stop_gradient(positions), "float32")
    at = ops.cast(ops.stop_gradient(centres), "float32")
    square = ops.sum(ops.square(at[:, :, None] - x[:, None]), axis=-1)
    if mask is not None:
        square = ops.where(mask[:, None], square, FAR)
    count = min(count, x.shape[1]) if x.shape[1] is not None else count
    values, ids = ops.top_k(-square, count)
    return ops.cast(ids, "int32"), values >= -(radius**2)
