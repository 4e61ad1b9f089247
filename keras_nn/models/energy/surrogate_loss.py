"""A loss that is one thing to look at and another to descend."""

from keras import ops


def surrogate_loss(shown, descended):
    """The values of the first, with the gradient of the second.

    For learning rules whose gradient belongs to no function that can be
    computed, such as contrastive divergence.

    Args:
        shown: float tensor `(batch,)`. Its gradient is left out.
        descended: float tensor `(batch,)`. Its value is left out.

    Example:

    >>> loss = surrogate_loss(ops.ones((2,)), 5 * ops.ones((2,)))
    >>> loss.numpy().tolist()
    [1.0, 1.0]
    """
    return ops.stop_gradient(shown - descended) + descended


def unlikeness(values, expected, visible):
    """How far examples are from what was expected: `(batch,)`, nats.

    Args:
        values: float tensor `(batch, units)`.
        expected: likewise.
        visible: str. `"bernoulli"`: cross entropy; `"gaussian"`: half the
            squared error.
    """
    if visible == "gaussian":
        return 0.5 * ops.sum(ops.square(values - expected), axis=-1)
    expected = ops.clip(expected, 1e-6, 1 - 1e-6)
    terms = values * ops.log(expected)
    terms = terms + (1 - values) * ops.log1p(-expected)
    return -ops.sum(terms, axis=-1)
