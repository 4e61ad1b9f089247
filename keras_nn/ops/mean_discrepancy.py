from keras import ops

KERNELS = ("gaussian", "cubic")


def mean_discrepancy(x, y, kernel="gaussian", bandwidth=1.0):
    """Squared maximum mean discrepancy of two samples, without bias.

    `mean k(x_i, x_j) + mean k(y_i, y_j) - 2 mean k(x_i, y_j)`, the first two
    over pairs of different examples. 0 on average for samples of one
    distribution, and then as often below as above.

    Args:
        x: float tensor `(n, units)`, `n` at least 2.
        y: float tensor `(m, units)`, `m` at least 2.
        kernel: str. `"gaussian"`: `exp(-|a - b|^2 / (2 bandwidth^2))`;
            `"cubic"`: `(a . b / units + 1)^3`. Defaults to `"gaussian"`.
        bandwidth: float. Defaults to 1.

    Returns:
        A scalar tensor.

    Raises:
        ValueError: If there is no such kernel.

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[0.0], [0.0]])
    >>> round(float(mean_discrepancy(x, x + 100.0)), 4)
    2.0

    Reference:
        [Gretton et al., 2012](https://jmlr.org/papers/v13/gretton12a.html),
        lemma 6
    """
    if kernel not in KERNELS:
        raise ValueError(
            f"`kernel` must be one of {KERNELS}. Received: {kernel=}"
        )
    between = _kernel(x, y, kernel, bandwidth)
    within = _different(x, kernel, bandwidth) + _different(y, kernel, bandwidth)
    return within - 2 * ops.mean(between)


def squared_distances(x, y):
    """`|x_i - y_j|^2` of every pair: a tensor `(n, m)`, not below 0."""
    squares = ops.sum(ops.square(x), -1)[:, None] + ops.sum(ops.square(y), -1)
    product = ops.matmul(x, ops.transpose(y))
    return ops.maximum(squares - 2 * product, 0.0)


def _kernel(x, y, kernel, bandwidth):
    if kernel == "gaussian":
        return ops.exp(-squared_distances(x, y) / (2 * bandwidth**2))
    return (ops.matmul(x, ops.transpose(y)) / x.shape[-1] + 1.0) ** 3


def _different(x, kernel, bandwidth):
    values = _kernel(x, x, kernel, bandwidth)
    count = ops.cast(ops.shape(x)[0], x.dtype)
    total = ops.sum(values) - ops.sum(ops.diagonal(values))
    return total / (count * (count - 1))
