"""How few numbers an explanation is about."""

import keras
import numpy as np


def complexity(attributions):
    """The entropy of an explanation, in nats: over how much it is spread.

    `-sum_i p_i log p_i`, `p_i = |a_i| / sum_j |a_j|`. Small is good, if the
    explanation is faithful at all: 0 for a single number, `log d` for `d`
    equal ones. Its exponential is about how many numbers one must look at.

    Args:
        attributions: array `(n, ...)`, or a structure of such arrays.

    Returns:
        float64 array `(n,)`; 0 where all attributions are 0.

    Example:

    >>> complexity(np.array([[0.0, -3.0], [2.0, 2.0]])).round(3)
    array([0.   , 0.693])

    Reference:
        [Bhatt et al., 2020](https://arxiv.org/abs/2005.00631)
    """
    shares = magnitudes(attributions)
    whole = shares.sum(axis=1, keepdims=True)
    shares = shares / np.where(whole > 0, whole, 1)
    logs = np.log(np.where(shares > 0, shares, 1))
    return -(shares * logs).sum(axis=1) + 0.0


def sparseness(attributions):
    """The Gini index of an explanation: how unequal its numbers are.

    `sum_i (2 i - d - 1) |a|_(i) / (d sum_i |a|_(i))` over `d` magnitudes in
    rising order: 0 if all are equal, `1 - 1 / d` if one has all. Large is
    good, if the explanation is faithful at all.

    Args:
        attributions: array `(n, ...)`, or a structure of such arrays.

    Returns:
        float64 array `(n,)`; 0 where all attributions are 0.

    Example:

    >>> sparseness(np.array([[0.0, 0, 0, -3.0], [2.0, 2.0, 2.0, 2.0]]))
    array([0.75, 0.  ])

    Reference:
        [Chalasani et al., 2020](https://arxiv.org/abs/1810.06583)
    """
    values = np.sort(magnitudes(attributions), axis=1)
    count = values.shape[1]
    weights = 2 * np.arange(1, count + 1) - count - 1
    whole = count * values.sum(axis=1)
    return (values @ weights) / np.where(whole > 0, whole, 1)


def magnitudes(attributions):
    """All magnitudes of each example: float64 array `(n, numbers)`."""
    flat = [np.asarray(a, "float64") for a in keras.tree.flatten(attributions)]
    flat = [np.abs(a).reshape(len(a), -1) for a in flat]
    return np.concatenate(flat, axis=1)
