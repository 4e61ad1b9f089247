"""Losses that contrast the examples of a batch, on several replicas."""

import tensorflow as tf

from keras_nn.training import replicas


def of_whole_batch(function, *values):
    """A scalar of the examples of all replicas, with its whole gradient.

    For losses that look across a batch, such as those with in-batch
    negatives, in a `compute_loss` of a `keras_nn.training.Model`. Every
    replica works out the scalar of the gathered batch, in which its own
    examples are variables and the others constants: the sum over replicas of
    these partial gradients is the gradient of the scalar. On one replica it is
    `function(*values)`.

    Args:
        function: callable from tensors like `values`, of the whole batch, to
            a scalar, the mean over its examples.
        *values: float tensors `(examples, ...)` of this replica.

    Returns:
        A scalar tensor. The engine weighs what a replica returns by its share
        of the examples; the gradient is divided by it beforehand.

    Example:

    >>> float(of_whole_batch(tf.reduce_mean, tf.constant([1.0, 3.0])))
    2.0
    """
    step = replicas.current_step()
    if step is None or replicas.num_replicas() == 1:
        return function(*values)

    def whole(value):
        every, first = replicas.gathered(value)
        after = first + tf.shape(value)[0]
        return tf.concat([every[:first], value, every[after:]], axis=0)

    value = function(*map(whole, values))
    weighed = value / tf.cast(step.share, value.dtype)
    return weighed - tf.stop_gradient(weighed - value)
