import numpy as np


class Features:
    """Groups of an example's numbers that are there, or absent, together.

    Args:
        flat: list of arrays `(n, ...)`, the inputs.
        feature_mask: list of int arrays that broadcast to one example of each
            input, equal ints for one feature; or None, for each number a
            feature of its own.

    Raises:
        ValueError: if a mask holds no ints or does not broadcast.

    Example:

    >>> features = Features([np.ones((1, 2, 2))], [np.array([[3, 3], [5, 7]])])
    >>> features.count, features.ids[0].tolist()
    (3, [[0, 0], [1, 2]])
    """

    def __init__(self, flat, feature_mask=None):
        shapes = [x.shape[1:] for x in flat]
        sizes = [int(np.prod(shape)) for shape in shapes]
        if feature_mask is None:
            ids = np.arange(sum(sizes))
        else:
            masks = [
                _one_example(m, shape)
                for m, shape in zip(feature_mask, shapes, strict=True)
            ]
            joined = np.concatenate([m.reshape(-1) for m in masks])
            ids = np.unique(joined, return_inverse=True)[1]
        ends = np.cumsum(sizes)[:-1]
        self.ids = [
            part.reshape(shape)
            for part, shape in zip(np.split(ids, ends), shapes, strict=True)
        ]
        self.count = int(ids.max()) + 1

    def mixed(self, present, absent, keep):
        """Examples some of whose features are replaced.

        Args:
            present: list of arrays `(rows, ...)`.
            absent: list of arrays of the same shapes.
            keep: bool array `(rows, count)`.

        Returns:
            list of arrays: `present` where a feature is kept, else `absent`.
        """
        return [
            np.where(keep[:, ids], x, b)
            for x, b, ids in zip(present, absent, self.ids, strict=True)
        ]

    def spread(self, values):
        """One number a feature, given to all that belongs to it.

        Args:
            values: array `(n, count)`.

        Returns:
            list of arrays `(n, ...)` of the inputs' shapes.
        """
        return [values[:, ids] for ids in self.ids]


def coalition_scores(scores, features, flat, baselines, targets, keep, size):
    """The scores of examples of which only some features are there.

    Args:
        scores: `Scores`.
        features: `Features`, of the first of the inputs, or of all.
        flat, baselines: lists of arrays `(n, ...)`.
        targets: int array `(n,)`.
        keep: callable from an int array of coalition numbers to a bool array
            `(rows, features)`.
        size: int. Number of coalitions.

    Returns:
        float32 array `(n, size)`.
    """

    def make(rows):
        example, coalition = np.divmod(rows, size)
        present, absent = (
            [x[example] for x in arrays] for arrays in (flat, baselines)
        )
        count = len(features.ids)
        mixed = features.mixed(present[:count], absent[:count], keep(coalition))
        return mixed + present[count:]

    return scores.values(make, targets.repeat(size)).reshape(-1, size)


def grid_features(shape, side):
    """Squares of a picture as features: the mask of a grid.

    Args:
        shape: tuple `(height, width, channels)`.
        side: int. Side of a square, in pixels.

    Returns:
        int array `(height, width, 1)`, to hand over as `feature_mask`.

    Raises:
        ValueError: if `side` is not positive.

    Example:

    >>> grid_features((4, 6, 3), side=2)[..., 0]
    array([[0, 0, 1, 1, 2, 2],
           [0, 0, 1, 1, 2, 2],
           [3, 3, 4, 4, 5, 5],
           [3, 3, 4, 4, 5, 5]])
    """
    if side < 1:
        raise ValueError(f"`side` must be positive. Received: {side=}")
    rows, columns = (np.arange(length) // side for length in shape[:2])
    return (rows[:, None] * (columns[-1] + 1) + columns)[..., None]


def _one_example(mask, shape):
    mask = np.asarray(mask)
    if mask.dtype.kind not in "iu":
        raise ValueError(
            f"`feature_mask` must hold ints. Received: dtype {mask.dtype}"
        )
    try:
        return np.broadcast_to(mask, shape)
    except ValueError as error:
        raise ValueError(
            f"`feature_mask` must broadcast to one example, {shape}. "
            f"Received: shape {mask.shape}"
        ) from error
