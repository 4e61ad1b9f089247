import math

from keras import ops


def gaussian_log_density(value, mean=0.0, log_variance=0.0):
    """Log density of a Gaussian with independent coordinates.

    `-1/2 sum_i (log(2 pi) + l_i + (x_i - m_i)^2 exp(-l_i))`

    Args:
        value: float tensor `(..., units)`.
        mean: float tensor that broadcasts against `value`. Defaults to 0.
        log_variance: likewise, `l`. Defaults to 0.

    Returns:
        A tensor `(...)`, in nats.

    Example:

    >>> from keras import ops
    >>> round(float(gaussian_log_density(ops.zeros((2,)))), 4)
    -1.8379
    """
    log_variance = ops.convert_to_tensor(log_variance, dtype=value.dtype)
    distance = ops.square(value - mean) * ops.exp(-log_variance)
    terms = math.log(2 * math.pi) + log_variance + distance
    return -0.5 * ops.sum(terms, axis=-1)


def gaussian_kl(mean, log_variance, prior_mean=None, prior_log_variance=None):
    """Divergence of a Gaussian of independent coordinates from another.

    `KL(N(m, exp(l)) || N(p, exp(k))) = 1/2 sum_i (exp(l_i - k_i) + (m_i -
    p_i)^2 exp(-k_i) - 1 - l_i + k_i)`

    Args:
        mean: float tensor `(..., units)`.
        log_variance: float tensor of the same shape.
        prior_mean: likewise, `p`, or None: the other is the standard normal.
            Defaults to None.
        prior_log_variance: likewise, `k`, given where `prior_mean` is.

    Returns:
        A tensor `(...)`, in nats.

    Example:

    >>> from keras import ops
    >>> float(gaussian_kl(ops.ones((2,)), ops.zeros((2,))))
    1.0

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix B
    """
    if prior_mean is not None:
        mean = (mean - prior_mean) * ops.exp(-0.5 * prior_log_variance)
        log_variance = log_variance - prior_log_variance
    terms = ops.exp(log_variance) + ops.square(mean) - 1.0 - log_variance
    return 0.5 * ops.sum(terms, axis=-1)
