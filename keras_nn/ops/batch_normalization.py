import keras
from keras import ops

_kernels = []


def use_kernel(kernel):
    """Lets `normalize_batch` hand pictures in float32 to one operation.

    The engine calls it with TensorFlow's, which this file does not know.

    Args:
        kernel: callable of `(x, gamma, beta, epsilon)`, which returns
            `(y, mean, variance)`; or None.
    """
    _kernels[:] = [] if kernel is None else [kernel]


def normalize_batch(x, gamma, beta, epsilon):
    """Normalises each channel by the statistics of the batch.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`

    The gradient is the closed form of Ioffe and Szegedy, which reads the
    activations fewer times than differentiating the moments does. Pictures in
    float32 go through the one operation that `use_kernel` was told, if any.

    Args:
        x: float tensor of shape `(batch, ..., channels)`.
        gamma: float tensor of shape `(channels,)`.
        beta: float tensor of shape `(channels,)`.
        epsilon: float, added to the variance.

    Returns:
        `(y, mean, variance)`: the tensor like `x`, and the statistics of
        shape `(channels,)`, through which no gradient flows.

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[1.0], [3.0]])
    >>> y, mean, variance = normalize_batch(x, ops.ones(1), ops.zeros(1), 0.0)
    >>> print(ops.convert_to_numpy(y)[:, 0], float(mean[0]))
    [-1.  1.] 2.0

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167), section 3.
    """
    axes = tuple(range(len(x.shape) - 1))
    single = keras.backend.standardize_dtype(x.dtype) == "float32"
    if _kernels and single and len(axes) == 3:
        y, mean, variance = _kernels[0](x, gamma, beta, epsilon)
        return y, ops.stop_gradient(mean), ops.stop_gradient(variance)
    mean, variance = _statistics(ops.stop_gradient(x), axes)

    def scale_of(x, gamma):
        mean, variance = _statistics(x, axes)
        inverse = ops.rsqrt(variance + epsilon)
        return gamma * inverse, inverse, mean

    @ops.custom_gradient
    def normalize(x, gamma, beta):
        scale, _, mean = scale_of(x, gamma)
        y = x * scale + (beta - mean * scale)

        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            # Computed anew, which a graph merges with the above, so that this
            # gradient has a gradient with respect to x.
            scale, inverse, mean = scale_of(x, gamma)
            mean_upstream = ops.mean(upstream, axis=axes)
            mean_product = ops.mean(upstream * x, axis=axes)
            covariance = mean_product - mean_upstream * mean
            slope = -scale * covariance * ops.square(inverse)
            offset = -scale * mean_upstream - slope * mean
            count = ops.cast(ops.size(x) / x.shape[-1], x.dtype)
            return (
                upstream * scale + (x * slope + offset),
                count * covariance * inverse,
                count * mean_upstream,
            )

        return y, gradient

    return normalize(x, gamma, beta), mean, variance


def _statistics(x, axes):
    mean = ops.mean(x, axis=axes)
    variance = ops.mean(ops.square(x - mean), axis=axes)
    return mean, variance
