"""What a step asks about the replicas it runs on."""

import contextlib
import threading

import keras
import tensorflow as tf

_thread = threading.local()


def current_step():
    """The engine step that runs in this thread, or None."""
    return getattr(_thread, "step", None)


@contextlib.contextmanager
def enter(step):
    """Makes `step` the current one of this thread."""
    previous = current_step()
    _thread.step = step
    try:
        yield step
    finally:
        _thread.step = previous


def num_replicas(strategy=None):
    """int. Replicas of `strategy`, or of the one in scope; 1 without one."""
    return (strategy or tf.distribute.get_strategy()).num_replicas_in_sync


def local_part(strategy, batch):
    """The first replica's part of a distributed batch."""
    return keras.tree.map_structure(
        lambda value: strategy.experimental_local_results(value)[0], batch
    )


def count_examples(data):
    """Scalar int tensor: the size of the leading axis of a batch."""
    leaf = next(
        leaf
        for leaf in tf.nest.flatten(data)
        if leaf is not None and not isinstance(leaf, tf.experimental.Optional)
    )
    if isinstance(leaf, tf.RaggedTensor):
        return tf.cast(leaf.nrows(), "int32")
    if isinstance(leaf, tf.SparseTensor):
        return tf.cast(leaf.dense_shape[0], "int32")
    return tf.shape(leaf)[0]


def all_reduce_sum(value):
    """Sum over replicas inside a step; the value itself on one replica."""
    if num_replicas() == 1:
        return value
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, value)


def gathered(value):
    """The rows of all replicas, without a gradient, one after another.

    Args:
        value: tensor `(examples, ...)` of this replica.

    Returns:
        `(whole, first)`: a tensor `(all examples, ...)`, the same on every
        replica, and the row where those of this replica begin.

    Example:

    >>> whole, first = gathered(tf.constant([1.0, 3.0]))
    >>> whole.numpy().tolist(), int(first)
    ([1.0, 3.0], 0)
    """
    value = tf.stop_gradient(value)
    if current_step() is None or num_replicas() == 1:
        return value, tf.constant(0)
    context = tf.distribute.get_replica_context()
    counts = context.all_gather(tf.shape(value)[:1], axis=0)
    first = tf.reduce_sum(counts[: context.replica_id_in_sync_group])
    return context.all_gather(value, axis=0), first


def batch_mean(values):
    """Mean over the examples of the whole batch, on every replica.

    The gradient is that of the whole batch, too, in a step that weighs its
    loss (`Model.minimize`, and Keras's own).

    Args:
        values: float tensor `(examples, ...)` of this replica.

    Example:

    >>> float(batch_mean(tf.constant([1.0, 3.0])))
    2.0
    """
    mean = tf.reduce_mean(values, axis=0)
    step = current_step()
    if step is None or num_replicas() == 1:
        return mean
    share = tf.cast(step.share, mean.dtype)
    return all_reduce_sum(step.of_examples(mean) * share)


def all_finite(tensors):
    """Whether every number of every tensor is finite.

    Args:
        tensors: list of float tensors, `tf.IndexedSlices` or None.

    Returns:
        A scalar bool tensor.

    Example:

    >>> bool(all_finite([tf.constant([1.0, 2.0]), None]))
    True
    >>> bool(all_finite([tf.constant([1.0, float("nan")])]))
    False
    """
    checks = [
        tf.reduce_all(tf.math.is_finite(tf.convert_to_tensor(tensor)))
        for tensor in tensors
        if tensor is not None
    ]
    return tf.reduce_all(checks) if checks else tf.constant(True)


def times(gradient, factor):
    """A gradient, dense or `tf.IndexedSlices`, times a scalar."""
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(
            gradient.values * tf.cast(factor, gradient.values.dtype),
            gradient.indices,
            gradient.dense_shape,
        )
    return gradient * tf.cast(factor, gradient.dtype)
