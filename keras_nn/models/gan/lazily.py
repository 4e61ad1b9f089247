from keras import ops


def lazily(values, every, updates):
    """The mean of a regularisation that is worked out now and then only.

    Args:
        values: callable without arguments, to a float tensor.
        every: int. It is called in every so many updates, and counts as many
            times.
        updates: int tensor or None. Updates so far; None: it is called, and
            counts once.

    Returns:
        A scalar tensor.

    Example:

    >>> def one():
    ...     return ops.ones((3,))
    >>> [float(lazily(one, 2, ops.convert_to_tensor(k))) for k in range(3)]
    [2.0, 0.0, 2.0]

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), section 3.1
    """
    if every == 1 or updates is None:
        return ops.mean(values())
    return ops.cond(
        ops.equal(updates % every, 0),
        lambda: every * ops.mean(values()),
        lambda: ops.zeros(()),
    )


def updates_of(model, player):
    """Int tensor: updates of a player so far; None before `compile`.

    Args:
        model: `keras_nn.training.MultiPlayerModel`.
        player: str.
    """
    if not model.compiled:
        return None
    optimizer = model.optimizers[player]
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    return ops.convert_to_tensor(inner.iterations)
