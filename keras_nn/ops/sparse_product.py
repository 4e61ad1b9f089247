import math

import keras
from keras import ops

_kernels = []


def use_kernel(choose):
    """Lets sums along edges and over segments be one operation.

    The engine calls it with TensorFlow's, which this file does not know.

    Args:
        choose: callable of a tensor that returns None where no operation
            applies to it, or else a callable of the arguments of
            `sparse_product`. Or None.
    """
    _kernels[:] = [] if choose is None else [choose]


def product_for(data):
    """The operation of `use_kernel` for such data, or None.

    It is there for rows of two features and more. A variable has none: its
    gradient shall stay one of rows.
    """
    if not _kernels or isinstance(data, keras.Variable):
        return None
    shape = tuple(getattr(data, "shape", ()))
    if len(shape) < 2 or None in shape[1:]:
        return None
    return _kernels[0](data)


def sparse_product(product, data, source, target, num_segments, weights=None):
    """`y[t] = sum over i with target[i] = t of weights[i] data[source[i]]`.

    Args:
        product: what `product_for` gave.
        data: tensor of shape `(rows, ...)`.
        source: int tensor of shape `(edges,)`, all of them rows.
        target: int tensor of shape `(edges,)`, from 0 to `num_segments`,
            which is no segment.
        num_segments: int or scalar int tensor.
        weights: tensor of shape `(edges,)` or None. Defaults to 1.

    Returns:
        A tensor of shape `(num_segments, ...)`.

    Example:

    >>> def product(data, source, target, num_segments, weights):
    ...     rows = ops.take(data, source, axis=0) * weights[:, None]
    ...     return ops.segment_sum(rows, target, num_segments + 1)[:-1]
    >>> ends = ops.array([0, 1]), ops.array([1, 1])
    >>> y = sparse_product(product, ops.array([[1.0], [2.0]]), *ends, 2)
    >>> print(ops.convert_to_numpy(y)[:, 0])
    [0. 3.]
    """
    if weights is None:
        weights = ops.ones_like(source, dtype=data.dtype)
    rows = data
    if len(data.shape) > 2:
        rows = ops.reshape(data, (-1, math.prod(data.shape[1:])))
    y = product(rows, source, target, num_segments, weights)
    if len(data.shape) > 2:
        y = ops.reshape(y, (num_segments, *data.shape[1:]))
    return y
