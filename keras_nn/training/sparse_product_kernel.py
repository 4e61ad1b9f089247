"""TensorFlow's product of a sparse and a dense matrix, for sums along edges.

Taken while a step of the engine is traced for processors: the 13,264 edges of
Cora with self-loops and 16 features took 0.24 ms on one core, and a gather, a
product and a segment sum 0.83 ms; a segment sum of eight features 0.23 and
0.65. It is not `keras.ops`, XLA cannot compile it, formats for export do not
know it, and on a GPU it has no order of adding.
"""

import functools

import tensorflow as tf

from keras_nn.ops.sparse_product import use_kernel
from keras_nn.training import replicas
from keras_nn.training import tensorflow_internals

LIMIT = 32  # columns from which the operation goes another, slower way


def choose(data):
    """`product` for tensors of float32 in steps of the engine, or None."""
    if not tf.is_tensor(data) or data.dtype != tf.float32:
        return None
    if replicas.current_step() is None or not _on_processors():
        return None
    return None if tensorflow_internals.compiles() else product


@functools.cache
def _on_processors():
    return {d.device_type for d in tf.config.list_logical_devices()} == {"CPU"}


def product(data, source, target, num_segments, weights):
    """The sums along edges, as `sparse_product` asks for them.

    Args:
        data: float32 tensor of shape `(rows, features)`.
        source: int tensor of shape `(edges,)`, all of them rows.
        target: int tensor of shape `(edges,)`, at most `num_segments`.
        num_segments: int or scalar int tensor.
        weights: float32 tensor of shape `(edges,)`.

    Returns:
        A tensor of shape `(num_segments, features)`.

    Example:

    >>> data, ends = tf.constant([[1.0], [10.0]]), tf.constant([0, 1])
    >>> sums = product(data, ends, tf.constant([2, 2]), 3, tf.ones(2))
    >>> sums[:, 0].numpy().tolist()
    [0.0, 0.0, 11.0]
    """
    source, target = (tf.cast(ends, "int64") for ends in (source, target))
    width, rows = data.shape[-1], tf.shape(data, "int64")[0]
    parts = width // _block(width)
    if parts > 1:  # a row of the matrix for each part of a row of the data
        part = tf.range(parts, dtype="int64")
        source, target = (
            tf.reshape(ends[:, None] * parts + part, (-1,))
            for ends in (source, target)
        )
        weights = tf.repeat(weights, parts)
        data = tf.reshape(data, (-1, width // parts))
    y = tf.raw_ops.SparseTensorDenseMatMul(
        a_indices=tf.stack([target, source], axis=1),
        a_values=weights,
        a_shape=tf.stack(
            [(tf.cast(num_segments, "int64") + 1) * parts, rows * parts]
        ),
        b=data,
    )
    return tf.reshape(y, (-1, width))[:num_segments]


def _block(width):
    """The most columns that divide `width`, fewer than the operation's limit.

    Of blocks below 8 it is all columns: too many parts cost more.
    """
    if width < LIMIT:
        return width
    found = next(n for n in range(LIMIT - 1, 0, -1) if width % n == 0)
    return found if found >= 8 else width


def install():
    """Lets every sum along edges and over segments of the suite use it."""
    use_kernel(choose)
