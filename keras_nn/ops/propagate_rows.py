from keras import ops

from keras_nn.ops.segments import like_rows
from keras_nn.ops.segments import segment_sum
from keras_nn.ops.segments import take_rows

_kernels = []


def use_kernel(choose):
    """Lets `propagate_rows` hand its sums to one operation.

    The engine calls it with TensorFlow's, which this file does not know.

    Args:
        choose: callable of `data` that returns None where no operation
            applies, or else a callable of the arguments of `propagate_rows`:
            edges out of range then lead from row 0 to the row
            `num_segments`, and there are weights. Or None.
    """
    _kernels[:] = [] if choose is None else [choose]


def propagate_rows(data, source, target, num_segments, weights=None):
    """Sums rows along edges, each times the weight of its edge.

    `y[t] = sum over i with target[i] = t of weights[i] data[source[i]]`: the
    product of a sparse matrix and `data`. The operation of `use_kernel`, where
    there is one, does not make the `(edges, features)` in between.

    Args:
        data: float tensor of shape `(rows, features)`.
        source: int tensor of shape `(edges,)`.
        target: int tensor of shape `(edges,)`. An edge with an end that is
            no row adds nothing.
        num_segments: int or scalar int tensor.
        weights: float tensor of shape `(edges,)` or None. Defaults to 1.

    Returns:
        A tensor of shape `(num_segments, features)`.

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
    weighted = weights is not None
    if not weighted:
        weights = ops.ones_like(source, dtype=data.dtype)
    product = _kernels[0](data) if _kernels else None
    if product is not None:

        @ops.custom_gradient
        def sums(data, weights):
            def gradient(*args, upstream=None):
                if upstream is None:
                    (upstream,) = args
                back = propagate_rows(upstream, target, source, rows, weights)
                ends = take_rows(upstream, target) * take_rows(data, source)
                slope = ops.sum(ends, axis=-1)
                return back, ops.where(known, slope, ops.zeros_like(slope))

            y = product(data, source, target, num_segments, weights)
            return y, gradient

        return sums(data, weights)
    messages = take_rows(data, source)
    if weighted:
        messages = messages * like_rows(weights, messages)
    return segment_sum(messages, target, num_segments)


def _in_range(ids, count):
    return ops.logical_and(ids >= 0, ids < ops.cast(count, ids.dtype))
