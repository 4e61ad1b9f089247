import numpy as np


def resample(split, strategy="over", seed=0):
    """A split in which every class has the same number of examples.

    Args:
        split: `Split` with integer labels.
        strategy: str. `"over"` repeats random examples of the smaller
            classes up to the size of the largest one, and keeps every
            example; `"under"` leaves out random examples of the larger ones
            down to the size of the smallest.
        seed: int. The same seed draws the same examples.

    Returns:
        A `Split` in random order. Resample the training set only: a
        validation or test set must keep the shares of the real world.

    Raises:
        ValueError: If the strategy is unknown or the labels are no integers.

    Example:

    >>> import numpy as np
    >>> from keras_nn.data import Split
    >>> split = Split(np.arange(4), np.array([0, 0, 0, 1]))
    >>> np.bincount(resample(split).y).tolist()
    [3, 3]
    >>> np.bincount(resample(split, "under").y).tolist()
    [1, 1]
    """
    if strategy not in ("over", "under"):
        raise ValueError(
            f"`strategy` must be 'over' or 'under'. Received: {strategy=}"
        )
    if split.y.ndim != 1 or not np.issubdtype(split.y.dtype, np.integer):
        raise ValueError(
            "Resampling needs one integer label per example. Received: "
            f"targets of shape {split.y.shape} and dtype {split.y.dtype}"
        )
    generator = np.random.default_rng(seed)
    labels, counts = np.unique(split.y, return_counts=True)
    drawn = []
    for label, count in zip(labels, counts, strict=True):
        members = generator.permutation(np.flatnonzero(split.y == label))
        if strategy == "under":
            drawn.append(members[: counts.min()])
        else:
            extra = generator.choice(members, counts.max() - count)
            drawn += [members, extra]
    return split[generator.permutation(np.concatenate(drawn))]
