"""What of the rows of a segment depends on their order or their ranks."""

from keras import ops

from keras_nn.ops.segments import inside
from keras_nn.ops.segments import segment_count
from keras_nn.ops.segments import take_rows


def segment_median(data, segment_ids, num_segments):
    """The median of every segment and feature; 0 for an empty one.

    Of an even number of rows it is the lower one of the two in the middle.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> data = ops.array([1.0, 9.0, 5.0, 2.0, 3.0])
    >>> y = segment_median(data, ops.array([0, 0, 0, 2, 2]), 3)
    >>> print(ops.convert_to_numpy(y))
    [5. 0. 2.]
    """
    shape = ops.shape(data)[1:]
    ids = inside(segment_ids, num_segments)
    flat = ops.reshape(data, (ops.shape(ids)[0], -1))
    if ids.shape[0] == 0:
        return ops.zeros((num_segments, *shape), dtype=data.dtype)
    # Sorted by value, then, keeping that order, by segment.
    by_value = ops.argsort(flat, axis=0)
    by_segment = ops.argsort(ops.take(ids, by_value, axis=0), axis=0)
    order = ops.take_along_axis(by_value, by_segment, axis=0)
    count, first = _sorted_places(ids, num_segments)
    middle = first + (ops.maximum(count, 1) - 1) // 2
    row = take_rows(order, middle)
    y = ops.take_along_axis(flat, row, axis=0)
    y = ops.where(ops.expand_dims(count > 0, -1), y, ops.zeros_like(y))
    return ops.reshape(y, (num_segments, *shape))


def segment_rows(data, segment_ids, num_segments, max_rows):
    """The first rows of every segment side by side.

    Args:
        data: tensor of shape `(rows, ...)`, with at least one row.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.
        max_rows: int. Rows of a segment beyond that are left out.

    Returns:
        `(rows, there)`: a tensor of shape `(num_segments, max_rows, ...)`, 0
        where there is no row, and a bool tensor `(num_segments, max_rows)`.

    Example:

    >>> data = ops.array([1.0, 2.0, 3.0])
    >>> rows, _ = segment_rows(data, ops.array([1, 0, 1]), 2, 2)
    >>> print(ops.convert_to_numpy(rows))
    [[2. 0.]
     [1. 3.]]
    """
    if data.shape[0] == 0:  # a row that belongs to no segment
        data = ops.zeros((1, *data.shape[1:]), dtype=data.dtype)
        segment_ids = ops.full((1,), -1, dtype="int32")
    ids = inside(segment_ids, num_segments)
    order = ops.argsort(ids)  # keeps the order within a segment
    count, first = _sorted_places(ids, num_segments)
    number = ops.arange(max_rows, dtype=ids.dtype)
    there = number < ops.expand_dims(count, -1)
    place = ops.expand_dims(first, -1) + number
    place = ops.reshape(ops.where(there, place, 0), (-1,))
    rows = take_rows(data, take_rows(order, place))
    rows = ops.reshape(rows, (-1, max_rows, *ops.shape(data)[1:]))
    mask = ops.reshape(
        there, (-1, max_rows, *(1 for _ in range(len(data.shape) - 1)))
    )
    return ops.where(mask, rows, ops.zeros_like(rows)), there


def _sorted_places(ids, num_segments):
    """Rows of every segment, and the place of the first one once sorted."""
    count = ops.cast(segment_count(ids, num_segments), ids.dtype)
    return count, ops.cumsum(count) - count
