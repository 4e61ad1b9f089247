"""Reductions of the rows of a tensor that carry the same segment id.

Ids need not be sorted, a segment may be empty, and a row whose id lies outside
of `[0, num_segments)` belongs to no segment: it is dropped on every backend,
under XLA too, where plain scatter operations raise, clamp or drop.
"""

import functools

from keras import ops

from keras_nn.ops.sparse_product import product_for
from keras_nn.ops.sparse_product import sparse_product

EPSILON = 1e-5


def segment_sum(data, segment_ids, num_segments):
    """Sums the rows of every segment.

    `y[s] = sum over i with segment_ids[i] = s of data[i]`; 0 where there is
    no such row.

    Args:
        data: tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`. An id outside of
            `[0, num_segments)` drops its row.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> ids = ops.array([0, 2, 0, -1])
    >>> y = segment_sum(ops.array([1.0, 2.0, 3.0, 9.0]), ids, 3)
    >>> print(ops.convert_to_numpy(y))
    [4. 0. 2.]
    """
    ids = inside(segment_ids, num_segments)

    @ops.custom_gradient
    def total(data):
        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            # A row of zeros for what belongs to none: one gather, no mask.
            none = ops.zeros((1, *ops.shape(upstream)[1:]), upstream.dtype)
            return ops.take(ops.concatenate([upstream, none]), ids, axis=0)

        product = product_for(data)
        if product is None:
            y = ops.segment_sum(data, ids, num_segments + 1)[:-1]
        else:
            rows = ops.arange(ops.shape(ids)[0], dtype=ids.dtype)
            y = sparse_product(product, data, rows, ids, num_segments)
        return y, gradient

    # A cast reads variables, whose gradients need a tensor.
    return total(ops.cast(data, data.dtype))


def segment_count(segment_ids, num_segments, dtype="float32"):
    """Counts the rows of every segment; of target ids, the degree of nodes.

    Args:
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.
        dtype: str. Of the counts, which are exact before they are cast.

    Returns:
        A tensor of shape `(num_segments,)`.

    Example:

    >>> counts = segment_count(ops.array([0, 2, 0, -1]), 3)
    >>> print(ops.convert_to_numpy(counts))
    [2. 0. 1.]
    """
    ones = ops.ones_like(segment_ids, dtype="float32")
    return ops.cast(segment_sum(ones, segment_ids, num_segments), dtype)


def segment_mean(data, segment_ids, num_segments):
    """Averages the rows of every segment; 0 for an empty one.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_mean(ops.array([1.0, 2.0, 3.0]), ops.array([0, 2, 0]), 3)
    >>> print(ops.convert_to_numpy(y))
    [2. 0. 2.]
    """
    count = ops.maximum(segment_count(segment_ids, num_segments), 1)
    total = segment_sum(data, segment_ids, num_segments)
    return total / like_rows(ops.cast(count, total.dtype), total)


def segment_max(data, segment_ids, num_segments):
    """The largest value of every segment and feature; 0 for an empty one.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_max(ops.array([-1.0, 2.0, -3.0]), ops.array([0, 2, 0]), 3)
    >>> print(ops.convert_to_numpy(y))
    [-1.  0.  2.]
    """
    ids = inside(segment_ids, num_segments)
    largest = ops.segment_max(data, ids, num_segments + 1)[:-1]
    filled = segment_count(segment_ids, num_segments, "bool")
    return ops.where(
        like_rows(filled, largest), largest, ops.zeros_like(largest)
    )


def segment_min(data, segment_ids, num_segments):
    """The smallest value of every segment and feature; 0 for an empty one.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_min(ops.array([-1.0, 2.0, -3.0]), ops.array([0, 2, 0]), 3)
    >>> print(ops.convert_to_numpy(y))
    [-3.  0.  2.]
    """
    # Zero minus, not the negative: no -0.0 for empty segments.
    return 0 - segment_max(-data, segment_ids, num_segments)


def segment_var(data, segment_ids, num_segments):
    """The variance of every segment and feature; 0 for an empty one.

    `y[s] = mean over i in s of (data[i] - mean)^2`

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_var(ops.array([1.0, 2.0, 5.0]), ops.array([0, 2, 0]), 3)
    >>> print(ops.convert_to_numpy(y))
    [4. 0. 0.]
    """
    mean = segment_mean(data, segment_ids, num_segments)
    deviation = data - take_rows(mean, segment_ids)
    return segment_mean(ops.square(deviation), segment_ids, num_segments)


def segment_std(data, segment_ids, num_segments):
    """The standard deviation of every segment, 0 below `sqrt(1e-5)`.

    `y[s] = sqrt(mean((data[i] - mean)^2))`; a variance of 1e-5 or less
    counts as none, so that the gradient stays finite.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_std(ops.array([1.0, 2.0, 3.0]), ops.array([0, 2, 0]), 3)
    >>> print(ops.convert_to_numpy(y))
    [1. 0. 0.]
    """
    variance = segment_var(data, segment_ids, num_segments)
    spread = variance > EPSILON
    root = ops.sqrt(ops.where(spread, variance, ops.ones_like(variance)))
    return ops.where(spread, root, ops.zeros_like(root))


def take_rows(data, ids):
    """Rows by id; an id that is no row gives some row, never an error.

    Use it where what follows drops such rows: as an index alone it would
    raise, read beyond or return NaN, depending on the device.

    Args:
        data: tensor of shape `(rows, ...)`, with at least one row.
        ids: int tensor of shape `(n,)`.

    Returns:
        A tensor of shape `(n, ...)`.

    Example:

    >>> y = take_rows(ops.array([1.0, 2.0]), ops.array([1, 0, -7, 9]))
    >>> print(ops.convert_to_numpy(y))
    [2. 1. 1. 2.]
    """
    count = ops.shape(data)[0]
    ids = ops.clip(ids, 0, count - 1)
    if product_for(data) is None:
        return ops.take(data, ids, axis=0)

    @ops.custom_gradient
    def rows(data):
        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            return segment_sum(upstream, ids, count)

        return ops.take(data, ids, axis=0), gradient

    return rows(data)


def inside(ids, num_segments):
    """Ids, with one more segment for the rows that belong to none."""
    known = ops.logical_and(ids >= 0, ids < num_segments)
    return ops.where(known, ids, ops.cast(num_segments, ids.dtype))


def like_rows(values, data):
    """`(rows,)` values with as many axes as `data`."""
    return functools.reduce(
        lambda x, _: ops.expand_dims(x, -1), range(len(data.shape) - 1), values
    )
