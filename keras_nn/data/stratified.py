import numpy as np


def stratified_split(y, fraction, seed=0):
    """Draws a share of the examples so that every class keeps its share.

    Of `n` examples `round(fraction * n)` are drawn; class `c` with `n_c`
    examples gives `floor(fraction * n_c)` or one more, the spare places going
    to the classes with the largest remainder.

    Args:
        y: integer array of shape `(n,)`. The class of every example.
        fraction: float in `(0, 1)`. The share that is drawn.
        seed: int. The same seed draws the same examples.

    Returns:
        Two sorted index arrays: those that stay and those that were drawn.

    Raises:
        ValueError: If `y` is not one integer per example, or one side or a
            class that stays would be empty.

    Example:

    >>> stay, drawn = stratified_split([0, 0, 0, 0, 1, 1, 1, 1], 0.25)
    >>> len(stay), len(drawn)
    (6, 2)
    """
    y = check_classes(y)
    drawn = number_drawn(len(y), fraction)
    generator = np.random.default_rng(seed)
    _, label, counts = np.unique(y, return_inverse=True, return_counts=True)
    wanted = fraction * counts
    quota = np.floor(wanted).astype(int)
    spare = drawn - quota.sum()
    # A class is never drawn empty: its last example stays.
    open_classes = np.flatnonzero(quota + 1 < counts)
    if spare > len(open_classes):
        raise ValueError(
            "Every class must keep an example when a share is drawn. "
            f"Received: {fraction=} of classes with "
            f"{sorted(counts.tolist())} examples"
        )
    remainder = (wanted - quota)[open_classes]
    first = np.argsort(-remainder, kind="stable")[:spare]
    quota[open_classes[first]] += 1

    order = generator.permutation(len(y))
    by_class = order[np.argsort(label[order], kind="stable")]
    starts = np.cumsum(counts) - counts
    rank = np.arange(len(y)) - np.repeat(starts, counts)
    is_drawn = rank < np.repeat(quota, counts)
    return np.sort(by_class[~is_drawn]), np.sort(by_class[is_drawn])


def random_split(size, fraction, seed=0):
    """Draws `round(fraction * size)` examples regardless of their class.

    Args:
        size: int. Number of examples.
        fraction: float in `(0, 1)`. The share that is drawn.
        seed: int. The same seed draws the same examples.

    Returns:
        Two sorted index arrays: those that stay and those that were drawn.

    Example:

    >>> stay, drawn = random_split(10, 0.2)
    >>> len(stay), len(drawn)
    (8, 2)
    """
    drawn = number_drawn(size, fraction)
    order = np.random.default_rng(seed).permutation(size)
    return np.sort(order[drawn:]), np.sort(order[:drawn])


def number_drawn(size, fraction):
    """`round(fraction * size)`; refuses a split with an empty side."""
    if not 0 < fraction < 1:
        raise ValueError(
            f"A fraction must lie between 0 and 1. Received: {fraction=}"
        )
    drawn = round(fraction * size)
    if not 0 < drawn < size:
        raise ValueError(
            "Both sides of a split must hold an example. Received: "
            f"{fraction=} of {size} examples"
        )
    return drawn


def check_classes(y):
    """Targets as an array, if they are one integer class per example."""
    y = np.asarray(y)
    if y.ndim != 1 or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(
            "A stratified split needs one integer class per example; split "
            "other targets with `stratify=False`. Received: targets of shape "
            f"{y.shape} and dtype {y.dtype}"
        )
    return y
