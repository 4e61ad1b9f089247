from keras import ops


def squared_distance(mask):
    """The squared distance of every pixel to the nearest one of a region.

    `d2(y, x) = min over (v, u) in the region of (y - v)^2 + (x - u)^2`

    exactly: first along columns, then along rows. No gradient flows.

    Args:
        mask: float or bool tensor of shape `(..., height, width)`, not 0 in
            the region.

    Returns:
        A float32 tensor of the same shape, in squared pixels; about 1e9 where
        there is no region.

    Example:

    >>> from keras import ops
    >>> distance = squared_distance(ops.convert_to_tensor([[1.0, 0.0, 0.0]]))
    >>> ops.convert_to_numpy(distance).tolist()
    [[0.0, 1.0, 4.0]]

    Reference:
        [Felzenszwalb and Huttenlocher, 2012](
        https://doi.org/10.4086/toc.2012.v008a019), equation 2.
    """
    cost = ops.where(ops.cast(mask, "bool"), 0.0, 1e9)
    cost = ops.stop_gradient(ops.cast(cost, "float32"))
    return _lowest(_lowest(cost, -2), -1)


def _lowest(cost, axis):
    """`min over j of cost[j] + (i - j)^2` along an axis, for every `i`."""
    size = ops.shape(cost)[axis]
    index = ops.arange(size, dtype="float32")
    index = ops.reshape(index, (-1, 1) if axis == -2 else (1, -1))

    # One place after the other: all at once would take size times the memory.
    def take(j, best):
        here = ops.take(cost, ops.reshape(j, (1,)), axis=axis)
        step = ops.square(index - ops.cast(j, "float32"))
        return ops.minimum(best, here + step)

    return ops.fori_loop(0, size, take, cost)
