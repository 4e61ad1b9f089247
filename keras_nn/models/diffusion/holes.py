"""What is asked of the holes that are to be filled in pictures."""

import numpy as np


def checked_holes(holes, shape):
    """Holes as a model takes them.

    Args:
        holes: array of the shape of the pictures, or without channels, or
            with one: True or 1 where a picture is to be drawn.
        shape: tuple, the shape of the pictures `(n, ..., channels)`.

    Returns:
        Float32 array `(n, ..., 1)` or `(n, ..., channels)`.

    Raises:
        ValueError: On another shape, on values other than 0 and 1, on a
            picture without a hole and one that is nothing else.

    Example:

    >>> checked_holes(np.array([[True, False]]), (1, 2, 3)).shape
    (1, 2, 1)
    """
    holes, shape = np.asarray(holes), tuple(shape)
    if holes.shape == shape[:-1]:
        holes = holes[..., None]
    if holes.shape not in (shape, (*shape[:-1], 1)):
        raise ValueError(
            f"Holes must have the shape of the pictures, {shape}, with all "
            f"channels, one, or none. Received: shape {holes.shape}"
        )
    values = np.unique(holes)
    if not np.isin(values, (0, 1)).all():
        raise ValueError(
            "Holes must be 1 (or True) where a picture is to be drawn and 0 "
            f"where it is kept. Received: values {values[:5].tolist()}"
        )
    share = holes.reshape(len(holes), -1).mean(axis=1)
    for number, value in enumerate(share):
        if value in (0, 1):
            what = "nothing" if value == 0 else "all"
            raise ValueError(
                "Of each picture a part must be a hole and a part be known. "
                f"Received: {what} of picture {number} is a hole"
            )
    return holes.astype("float32")
