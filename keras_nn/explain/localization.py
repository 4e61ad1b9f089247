"""Whether an explanation is where the object is."""

import numpy as np


def pointing_game(attributions, masks):
    """Whether the highest attribution lies on the object.

    Args:
        attributions: array `(n, *positions, channels)`; channels are summed.
            What is negative speaks against the class.
        masks: bool array, or of 0 and 1, `(n, *positions)`, perhaps with one
            channel: where the object is.

    Returns:
        float64 array `(n,)`: 1 for a hit, 0 for a miss; a hit, too, where one
        of several equal maxima lies on it.

    Raises:
        ValueError: on masks of another shape, or an empty one.

    Example:

    >>> maps = np.array([[[0.1], [0.7], [0.2]]])
    >>> float(pointing_game(maps, [[0, 1, 0]])[0])
    1.0

    Reference:
        [Zhang et al., 2018](https://arxiv.org/abs/1608.00507)
    """
    values, inside = _at_positions(attributions, masks)
    highest = values == values.max(axis=1, keepdims=True)
    return (highest & inside).any(axis=1).astype("float64")


def relevance_mass_accuracy(attributions, masks):
    """Which share of what speaks for the class lies on the object.

    `sum_{i on it} max(a_i, 0) / sum_i max(a_i, 0)`

    Args:
        attributions, masks: as of `pointing_game`.

    Returns:
        float64 array `(n,)` in [0, 1]; 0 where nothing speaks for the class.

    Raises:
        ValueError: on masks of another shape, or an empty one.

    Example:

    >>> maps = np.array([[[0.1], [0.7], [0.2]]])
    >>> float(relevance_mass_accuracy(maps, [[0, 1, 1]])[0].round(3))
    0.9

    Reference:
        [Arras et al., 2022](https://arxiv.org/abs/2003.07258)
    """
    values, inside = _at_positions(attributions, masks)
    values = np.maximum(values, 0)
    whole = values.sum(axis=1)
    return (values * inside).sum(axis=1) / np.where(whole > 0, whole, 1)


def relevance_rank_accuracy(attributions, masks):
    """Which share of the object is among the highest attributions.

    Of an object of `k` positions: how many of the `k` highest are on it,
    divided by `k`.

    Args:
        attributions, masks: as of `pointing_game`.

    Returns:
        float64 array `(n,)` in [0, 1].

    Raises:
        ValueError: on masks of another shape, or an empty one.

    Example:

    >>> maps = np.array([[[0.1], [0.7], [0.2]]])
    >>> float(relevance_rank_accuracy(maps, [[1, 1, 0]])[0])
    0.5

    Reference:
        [Arras et al., 2022](https://arxiv.org/abs/2003.07258)
    """
    values, inside = _at_positions(attributions, masks)
    order = np.argsort(-values, axis=1, kind="stable")
    counts = inside.sum(axis=1)
    first = np.arange(values.shape[1]) < counts[:, None]
    hits = np.take_along_axis(inside, order, axis=1) & first
    return hits.sum(axis=1) / counts


def _at_positions(attributions, masks):
    """Attributions and masks as `(n, positions)`."""
    attributions = np.asarray(attributions, "float64")
    values, masks = attributions.sum(axis=-1), np.asarray(masks)
    if masks.shape == (*values.shape, 1):
        masks = masks[..., 0]
    inside = masks.astype(bool)
    if inside.shape != values.shape or values.ndim < 2:
        raise ValueError(
            "there must be one mask of the positions for each example, "
            f"{values.shape}. Received: masks of shape {masks.shape}"
        )
    values, inside = (a.reshape(len(a), -1) for a in (values, inside))
    if not inside.any(axis=1).all():
        empty = np.flatnonzero(~inside.any(axis=1)).tolist()
        raise ValueError(
            "an object must have a position at least. Received: empty masks "
            f"of the examples {empty}"
        )
    return values, inside
