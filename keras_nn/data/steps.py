def steps(split, batch_size, drop_remainder=False):
    """Number of batches in one pass over a split.

    `ceil(len(split) / batch_size)`, or the floor with `drop_remainder`.

    Args:
        split: `Split`, or anything with a length.
        batch_size: int. Examples per batch.
        drop_remainder: bool. Whether a smaller last batch is left out.

    Returns:
        An int, at least 1: what `fit` takes as `steps_per_epoch`.

    Raises:
        ValueError: If `batch_size` is not positive or no batch results.

    Example:

    >>> steps(range(100), batch_size=32), steps(range(100), 32, True)
    (4, 3)
    """
    if batch_size < 1:
        raise ValueError(
            f"`batch_size` must be positive. Received: {batch_size=}"
        )
    if len(split) == 0:
        raise ValueError("There must be an example. Received: an empty split")
    full, partial = divmod(len(split), batch_size)
    if drop_remainder and not full:
        raise ValueError(
            "With `drop_remainder` there must be one full batch. Received: "
            f"{len(split)} examples and {batch_size=}"
        )
    return full + bool(partial and not drop_remainder)
