from keras import ops


def add_bias(x, bias):
    """Adds a bias to every channel, with a faster gradient.

    `y = x + bias`

    The gradient of the bias is the sum over all places, taken as a product
    with a vector of ones, for which every processor has its fastest code.

    Args:
        x: float tensor of shape `(batch, ..., channels)`.
        bias: float tensor of shape `(channels,)`.

    Returns:
        A float tensor of the shape of `x`.

    Example:

    >>> from keras import ops
    >>> y = add_bias(ops.zeros((2, 3, 2)), ops.convert_to_tensor([1.0, 2.0]))
    >>> print(ops.convert_to_numpy(y)[0, 0])
    [1. 2.]
    """

    @ops.custom_gradient
    def add(x, bias):
        def gradient(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            rows = ops.reshape(upstream, (-1, upstream.shape[-1]))
            # Half precision would lose count of the rows.
            rows = ops.cast(rows, "float32")
            ones = ops.ones((1, ops.shape(rows)[0]), "float32")
            total = ops.matmul(ones, rows)[0]
            return upstream, ops.cast(total, upstream.dtype)

        return x + bias, gradient

    # A cast reads variables, whose gradients need a tensor.
    return add(ops.cast(x, x.dtype), ops.cast(bias, x.dtype))
