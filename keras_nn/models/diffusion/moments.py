import numpy as np


def moments_due(moments, steps):
    """Which moments of a way are reached by which step.

    Args:
        moments: int. How many, at equal distances; the first is before the
            first step, the last after the last.
        steps: int.

    Returns:
        Bool array `(steps, moments)`.

    Raises:
        ValueError: If there are not so many moments.

    Example:

    >>> moments_due(3, 4).astype(int).tolist()
    [[0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]]
    """
    if not 2 <= moments <= steps + 1:
        raise ValueError(
            "`moments` must be from 2 to one more than the steps, "
            f"{steps + 1}. Received: {moments=}"
        )
    after = np.linspace(0, steps, moments).round()
    return np.arange(1, steps + 1)[:, None] == after
