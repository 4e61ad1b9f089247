import math

from keras import ops


def normalize_groups(x, groups, epsilon, gamma=None, beta=None):
    """Gives each group of channels of each example the mean 0 and variance 1.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and
    variance over all places and the channels of one group

    Statistics are taken channel by channel and then joined, so channels stay
    innermost in memory; the gradient is the closed form, which reads the
    activations fewer times than differentiating the moments does.

    Args:
        x: float tensor of shape `(batch, ..., channels)`.
        groups: int, of which the channels are a multiple: parts into which
            neighbouring channels are put. As many as channels normalise each
            instance, 1 the whole example.
        epsilon: float, added to the variance.
        gamma: float tensor of shape `(channels,)`, or None for 1.
        beta: float tensor of shape `(channels,)`, or None for 0.

    Returns:
        A tensor of the shape of `x`.

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[[1.0, 5.0], [3.0, 7.0]]])
    >>> print(ops.convert_to_numpy(normalize_groups(x, 2, 0.0))[0, :, 1])
    [-1.  1.]

    Reference:
        [Wu and He, 2018](https://arxiv.org/abs/1803.08494)
    """
    channels = x.shape[-1]
    axes = tuple(range(1, len(x.shape) - 1))

    def mean_of(values):
        return ops.mean(values, axis=axes, keepdims=True)  # (b, 1, ..., c)

    def pooled(values):  # the mean of its group, for each channel
        if groups == channels:
            return values
        size = channels // groups
        parts = ops.reshape(values, (-1, groups, size))
        parts = ops.repeat(ops.mean(parts, axis=-1), size, axis=-1)
        return ops.reshape(parts, (-1, *(1,) * len(axes), channels))

    def centred(x):
        x = x - pooled(mean_of(x))
        variance = pooled(mean_of(ops.square(x)))
        return x, ops.rsqrt(variance + epsilon)

    @ops.custom_gradient
    def normalize(x, gamma, *beta):
        apart, inverse = centred(x)
        y = apart * (inverse * gamma)
        if beta:
            y = y + beta[0]

        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            # Computed anew, which a graph merges with the above, so that this
            # gradient has a gradient with respect to x.
            apart, inverse = centred(x)
            mean = mean_of(upstream)
            product = mean_of(upstream * apart) * inverse
            slope = ops.square(inverse) * pooled(product * gamma)
            offset = inverse * pooled(mean * gamma)
            down = upstream * (inverse * gamma) - (apart * slope + offset)
            places = math.prod(ops.shape(x)[1:-1])
            total = ops.cast(places, x.dtype)
            sums = [ops.sum(v, axis=(0, *axes)) for v in (product, mean)]
            return down, *(total * part for part in sums[: 1 + len(beta)])

        return y, gradient

    if gamma is None:
        gamma = ops.ones((channels,), x.dtype)
    return normalize(x, gamma, *(() if beta is None else (beta,)))
