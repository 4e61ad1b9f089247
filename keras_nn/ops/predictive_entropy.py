import math

from keras import ops


def predictive_entropy(shares, axis=-1):
    """How unsure probabilities of classes are, from 0 to 1.

    `H(p) = -sum_c p_c log p_c / log C`

    0 is sure of one class, 1 is all classes alike.

    Args:
        shares: float tensor `(..., classes, ...)`, which sums to 1 along
            `axis`.
        axis: int. The axis of the classes, at least two. Defaults to -1.

    Returns:
        A float tensor without that axis.

    Raises:
        ValueError: if there are fewer than two classes.

    Example:

    >>> from keras import ops
    >>> found = predictive_entropy(ops.convert_to_tensor([[0.5, 0.5], [0, 1]]))
    >>> [round(float(x), 4) for x in found]
    [1.0, 0.0]

    Reference:
        [Gal, 2016](https://www.cs.ox.ac.uk/people/yarin.gal/website/thesis/thesis.pdf),
        section 3.3.1.
    """
    shares = ops.convert_to_tensor(shares)
    classes = shares.shape[axis]
    if classes < 2:
        raise ValueError(
            "There must be at least two classes to be unsure between. "
            f"Received: {classes} along axis {axis}"
        )
    logs = ops.log(ops.maximum(shares, 1e-30))  # 0 log 0 is 0
    # Not a minus sign: certainty is 0 and not -0.
    return (0.0 - ops.sum(shares * logs, axis=axis)) / math.log(classes)
