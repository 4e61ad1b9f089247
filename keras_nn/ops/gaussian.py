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


def gaussian_kl(mean, log_variance):
    """Divergence of a Gaussian of independent coordinates from the standard.

    `KL(N(m, exp(l)) || N(0, 1)) = 1/2 sum_i (exp(l_i) + m_i^2 - 1 - l_i)`

    Args:
        mean: float tensor `(..., units)`.
        log_variance: float tensor of the same shape.

    Returns:
        A tensor `(...)`, in nats.

    Example:

    >>> from keras import ops
    >>> float(gaussian_kl(ops.ones((2,)), ops.zeros((2,))))
    1.0

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix B
    """
    terms = ops.exp(log_variance) + ops.square(mean) - 1.0 - log_variance
    return 0.5 * ops.sum(terms, axis=-1)
