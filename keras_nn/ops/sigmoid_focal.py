from keras import ops


def sigmoid_focal(targets, logits, alpha=0.25, gamma=2.0):
    """Binary cross-entropy that looks at what is badly predicted.

    `L = -alpha_t (1 - p_t)^gamma log p_t` with `p_t = p` where the target is
    1 and `1 - p` where it is 0, and `alpha_t` likewise

    Args:
        targets: float tensor of 0 and 1.
        logits: float tensor of the same shape.
        alpha: float in [0, 1]. Weight of ones; zeros have `1 - alpha`.
        gamma: float. Focus.

    Returns:
        A float tensor of the same shape: the loss of each entry.

    Example:

    >>> from keras import ops
    >>> round(float(sigmoid_focal(ops.ones(1), ops.zeros(1))[0]), 4)
    0.0433

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), equation 5.
    """
    signs = 2 * targets - 1
    right = ops.log_sigmoid(signs * logits)
    wrong = ops.sigmoid(-signs * logits)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    if gamma == 2.0:  # a product is cheaper than a power, and has a slope
        return -weight * wrong * wrong * right
    return -weight * ops.power(wrong, gamma) * right
