from keras import ops


def normalize_rows(x, gamma, beta, epsilon, mask):
    """Normalises every feature by the statistics of the rows that count.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, with mean and
    variance over the rows where the mask is True

    The gradient is the closed form; sums over rows are products with a
    vector, for which every processor has its fastest code.

    Args:
        x: float tensor of shape `(rows, features)`.
        gamma: float tensor of shape `(features,)`.
        beta: float tensor of shape `(features,)`.
        epsilon: float, added to the variance.
        mask: bool tensor of shape `(rows,)`.

    Returns:
        `(y, mean, variance)`: the tensor like `x`, and the statistics of
        shape `(features,)`, through which no gradient flows.

    Example:

    >>> x = ops.array([[1.0], [3.0], [99.0]])
    >>> mask = ops.array([True, True, False])
    >>> y, mean, _ = normalize_rows(x, ops.ones(1), ops.zeros(1), 0.0, mask)
    >>> print(ops.convert_to_numpy(y)[:2, 0], float(mean[0]))
    [-1.  1.] 2.0

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167), section 3.
    """
    counts = ops.cast(mask, x.dtype)
    share = ops.expand_dims(counts / ops.maximum(ops.sum(counts), 1), 0)

    def moments(x):
        mean = ops.matmul(share, x)[0]
        centred = x - mean
        return mean, centred, ops.matmul(share, ops.square(centred))[0]

    @ops.custom_gradient
    def normalize(x, gamma, beta):
        _, centred, variance = moments(x)
        y = ops.add(centred * (gamma * ops.rsqrt(variance + epsilon)), beta)

        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            # Computed anew, which a graph merges with the above, so that this
            # gradient has a gradient with respect to x.
            _, centred, variance = moments(x)
            inverse = ops.rsqrt(variance + epsilon)
            scale = gamma * inverse
            ones = ops.ones_like(share)
            total = ops.matmul(ones, upstream)[0]
            product = ops.matmul(ones, upstream * centred)[0]
            slope = -scale * ops.square(inverse) * product
            through = ops.add(centred * slope, -scale * total)
            # Rows that do not count change no statistic.
            through = through * ops.transpose(share)
            return upstream * scale + through, inverse * product, total

        return y, gradient

    mean, _, variance = moments(ops.stop_gradient(x))
    return normalize(x, gamma, beta), mean, variance
