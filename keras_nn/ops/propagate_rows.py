from keras import ops

from keras_nn.ops.segments import like_rows
from keras_nn.ops.segments import segment_sum
from keras_nn.ops.segments import take_rows
from keras_nn.ops.sparse_product import product_for
from keras_nn.ops.sparse_product import sparse_product


def propagate_rows(data, source, target, num_segments, weights=None):
    """Sums rows along edges, each times the weight of its edge.

    `y[t] = sum over i with target[i] = t of weights[i] data[source[i]]`: the
    product of a sparse matrix and `data`. Where TensorFlow's operation for that
    serves, no `(edges, ...)` are made in between.

    Args:
        data: float tensor of shape `(rows, ...)`.
        source: int tensor of shape `(edges,)`.
        target: int tensor of shape `(edges,)`. An edge with an end that is
            no row adds nothing.
        num_segments: int or scalar int tensor.
        weights: float tensor of shape `(edges,)` or None. Defaults to 1.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> data = ops.array([[1.0], [10.0]])
    >>> ends = ops.array([0, 1, 1]), ops.array([2, 2, -1])
    >>> y = propagate_rows(data, *ends, 3, ops.array([2.0, 1.0, 1.0]))
    >>> print(ops.convert_to_numpy(y)[:, 0])
    [ 0.  0. 12.]
    """
    rows = ops.shape(data)[0]
    known = _in_range(source, rows) & _in_range(target, num_segments)
    target = ops.where(known, target, ops.cast(num_segments, target.dtype))
    source = ops.where(known, source, ops.zeros_like(source))
    product = product_for(data)
    if product is not None:
        ends = source, target, num_segments

        @ops.custom_gradient
        def sums(data, *weights):
            def gradient(*args, upstream=None):
                if upstream is None:
                    (upstream,) = args
                back = propagate_rows(upstream, target, source, rows, *weights)
                if not weights:
                    return back
                pairs = take_rows(upstream, target) * take_rows(data, source)
                slope = ops.sum(pairs, axis=tuple(range(1, len(data.shape))))
                return back, ops.where(known, slope, ops.zeros_like(slope))

            return sparse_product(product, data, *ends, *weights), gradient

        return sums(data, *([] if weights is None else [weights]))
    messages = take_rows(data, source)
    if weights is not None:
        messages = messages * like_rows(weights, messages)
    return segment_sum(messages, target, num_segments)


def _in_range(ids, count):
    return ops.logical_and(ids >= 0, ids < ops.cast(count, ids.dtype))
