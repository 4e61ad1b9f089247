from keras import ops

from keras_nn.ops.segments import inside
from keras_nn.ops.segments import like_rows
from keras_nn.ops.segments import segment_sum
from keras_nn.ops.segments import take_rows


def segment_softmax(data, segment_ids, num_segments):
    """Softmax over the rows of every segment, feature by feature.

    `y[i] = exp(data[i]) / sum over j in the same segment of exp(data[j])`;
    0 for a row that belongs to no segment.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of the shape of `data`.

    Example:

    >>> y = segment_softmax(ops.array([5.0, 2.0, 5.0]), ops.array([0, 1, 0]), 2)
    >>> print(ops.convert_to_numpy(y))
    [0.5 1.  0.5]
    """
    ids = inside(segment_ids, num_segments)
    known = ids < num_segments

    def softmax(data):
        largest = ops.segment_max(
            ops.stop_gradient(data), ids, num_segments + 1
        )
        shifted = ops.exp(data - ops.take(largest, ids, axis=0))
        total = segment_sum(shifted, ids, num_segments + 1)
        y = shifted / take_rows(total, ids)
        return ops.where(like_rows(known, y), y, ops.zeros_like(y))

    @ops.custom_gradient
    def closed(data):
        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            # Computed anew, which a graph merges with the above, so that this
            # gradient has a gradient with respect to data.
            y = softmax(data)
            product = y * upstream
            total = segment_sum(product, ids, num_segments)
            return product - y * take_rows(total, ids)

        return softmax(data), gradient

    return closed(ops.cast(data, data.dtype))


def segment_softmax_sum(data, segment_ids, num_segments):
    """The sum of every segment's rows, each weighted by its softmax.

    `y[s] = sum over i in s of softmax(data)[i] * data[i]`: between the mean
    and the maximum.

    Args:
        data: float tensor of shape `(rows, ...)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> y = segment_softmax_sum(ops.array([5.0, 5.0]), ops.array([1, 1]), 2)
    >>> print(ops.convert_to_numpy(y))
    [0. 5.]

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739), section 3.2.
    """
    weights = segment_softmax(data, segment_ids, num_segments)
    return segment_sum(weights * data, segment_ids, num_segments)
