from keras import ops


def total_variation(pictures):
    """How much neighbouring pixels differ, on average.

    `mean (x_{i+1,j} - x_ij)^2 + mean (x_{i,j+1} - x_ij)^2`

    Args:
        pictures: float tensor `(batch, height, width, channels)`, at least
            2 pixels high and wide.

    Returns:
        A float32 tensor `(batch,)`, in squared units of the pixels.

    Example:

    >>> x = ops.reshape(ops.arange(4.0), (1, 2, 2, 1))
    >>> total_variation(x).numpy().tolist()
    [5.0]

    Reference:
        [Mahendran and Vedaldi, 2015](https://arxiv.org/abs/1412.0035)
    """
    x = ops.cast(pictures, "float32")
    down = ops.square(x[:, 1:] - x[:, :-1])
    right = ops.square(x[:, :, 1:] - x[:, :, :-1])
    return ops.mean(down, axis=(1, 2, 3)) + ops.mean(right, axis=(1, 2, 3))
