from keras import ops


def lovasz_gradient(foreground):
    """How much the Jaccard loss grows with each further error, worst first.

    With the truths `g_1, g_2, ...` in the order of falling errors and the
    Jaccard loss `J_k = 1 - (n - sum_{i<=k} g_i) / (n + sum_{i<=k} (1 - g_i))`
    of getting the first `k` wrong, where `n = sum g`: `J_k - J_{k-1}`.

    Args:
        foreground: float tensor `(..., places)` of zeros and ones.

    Returns:
        A float tensor of the same shape.

    Example:

    >>> from keras import ops
    >>> gradient = lovasz_gradient(ops.convert_to_tensor([1.0, 0.0]))
    >>> ops.convert_to_numpy(gradient).tolist()
    [1.0, 0.0]

    Reference:
        [Berman et al., 2018](https://arxiv.org/abs/1705.08790), algorithm 1.
    """
    total = ops.sum(foreground, axis=-1, keepdims=True)
    both = total - ops.cumsum(foreground, axis=-1)
    either = total + ops.cumsum(1 - foreground, axis=-1)
    # Nothing there and nothing wrong yet: the first error costs everything.
    jaccard = 1 - both / ops.maximum(either, 1e-7)
    before = ops.concatenate(
        [ops.zeros_like(jaccard[..., :1]), jaccard[..., :-1]], axis=-1
    )
    return jaccard - before


def lovasz_extension(errors, foreground):
    """The convex surrogate of the Jaccard loss at these errors.

    Args:
        errors: float tensor `(..., places)`, not negative; 0 for places that
            do not count.
        foreground: float tensor of the same shape, of zeros and ones; 0 for
            places that do not count.

    Returns:
        A float tensor `(...)`.

    Example:

    >>> from keras import ops
    >>> float(lovasz_extension(ops.ones((4,)), ops.ones((4,))))
    1.0
    """
    order = ops.argsort(-errors, axis=-1)
    errors = ops.take_along_axis(errors, order, axis=-1)
    foreground = ops.take_along_axis(foreground, order, axis=-1)
    slope = ops.stop_gradient(lovasz_gradient(foreground))
    return ops.sum(errors * slope, axis=-1)
