"""The eight symmetries of a square, for batches of pictures and maps."""

from keras import ops

VIEWS = (1, 2, 4, 8)  # how many of them make a group


def turned(pictures, view):
    """Pictures under one of the eight flips and turns.

    Args:
        pictures: tensor `(batch, height, width, channels)`.
        view: int from 0 to 7. 1 is added for left and right swapped, 2 for up
            and down, and then 4 for rows and columns; 0 leaves them as they
            are.

    Returns:
        A tensor `(batch, height, width, channels)`, from 4 on `(batch, width,
        height, channels)`.

    Raises:
        ValueError: if there is no such view.

    Example:

    >>> from keras import ops
    >>> picture = ops.reshape(ops.arange(4), (1, 2, 2, 1))
    >>> ops.convert_to_numpy(turned(picture, 5)[0, ..., 0]).tolist()
    [[1, 3], [0, 2]]
    """
    _check(view)
    axes = _flipped(view)
    pictures = ops.flip(pictures, axes) if axes else pictures
    return ops.transpose(pictures, (0, 2, 1, 3)) if view & 4 else pictures


def turned_back(maps, view):
    """What `turned` gave, as it was before: see there.

    Args:
        maps: tensor `(batch, height, width, channels)`.
        view: int from 0 to 7.

    Example:

    >>> from keras import ops
    >>> picture = ops.reshape(ops.arange(6), (1, 2, 3, 1))
    >>> same = turned_back(turned(picture, 6), 6) == picture
    >>> bool(ops.all(same))
    True
    """
    _check(view)
    maps = ops.transpose(maps, (0, 2, 1, 3)) if view & 4 else maps
    axes = _flipped(view)
    return ops.flip(maps, axes) if axes else maps


def _flipped(view):
    return [axis for axis, bit in ((2, 1), (1, 2)) if view & bit]


def _check(view):
    if view not in range(8):
        raise ValueError(f"`view` must lie in 0 to 7. Received: {view=}")
