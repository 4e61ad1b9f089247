from keras import ops


def hopfield_retrieval(
    states, stored, beta, update_steps_max=0, update_steps_eps=1e-4, mask=None
):
    """States that have moved toward the stored patterns they resemble.

    `xi <- softmax(beta * xi @ X') @ X`, the update of a modern Hopfield
    network. A state that moves by at most `update_steps_eps` stays where it
    is. Each update lowers the energy `-1/beta logsumexp(beta * X xi) +
    |xi|^2 / 2`; the last softmax is what attention takes.

    Args:
        states: float tensor `(..., states, units)`.
        stored: float tensor `(..., patterns, units)`.
        beta: float. The higher, the nearer to a single pattern.
        update_steps_max: int. Updates before the last softmax. With 0 it is
            that of attention. Defaults to 0.
        update_steps_eps: float. Defaults to 1e-4.
        mask: bool tensor that broadcasts to `(..., states, patterns)`, False
            where a pattern does not count; or None.

    Returns:
        `(states, weights)`: the states after the updates, and the softmax
        `(..., states, patterns)` that they give.

    Raises:
        ValueError: If `update_steps_max` is negative.

    Example:

    >>> stored = ops.convert_to_tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> _, weights = hopfield_retrieval(stored[:1], stored, 8.0)
    >>> float(weights[0, 0]) > 0.99
    True

    Reference:
        [Ramsauer et al., 2021](https://arxiv.org/abs/2008.02217), equation 3
    """
    if update_steps_max < 0:
        raise ValueError(
            "`update_steps_max` must not be negative. "
            f"Received: {update_steps_max=}"
        )
    across = ops.swapaxes(stored, -1, -2)

    def weights(states):
        scores = beta * ops.matmul(states, across)
        if mask is not None:
            least = -3e4 if scores.dtype == "float16" else -1e9
            scores = ops.where(mask, scores, ops.cast(least, scores.dtype))
        return ops.softmax(scores, axis=-1)

    moving = None
    for _ in range(update_steps_max):
        new = ops.matmul(weights(states), stored)
        if moving is not None:
            new = ops.where(moving, new, states)
        distance = ops.sum(ops.square(new - states), axis=-1, keepdims=True)
        moving = distance > update_steps_eps**2
        states = new
    return states, weights(states)
