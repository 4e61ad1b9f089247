"""Pictures of any size through a network that takes tiles of one size."""

import numpy as np


def overlap_tiles(predict, picture, tile, overlap=0.25):
    """Predictions of a picture from tiles that overlap.

    The picture is mirrored at its margins, cut into tiles, and put together
    again: where tiles overlap, each counts the more the farther a pixel lies
    from its edge, so that no seam is seen.

    Args:
        predict: callable from tiles `(n, tile height, tile width, channels)`
            to class scores `(n, tile height, tile width, classes)`.
        picture: array `(height, width, channels)`.
        tile: tuple `(height, width)` in pixels.
        overlap: float in [0, 1). Share of a tile's side that its neighbour
            sees, too.

    Returns:
        float32 array `(height, width, classes)`.

    Raises:
        ValueError: if `overlap` is not in [0, 1).

    Example:

    >>> picture = np.random.rand(10, 7, 1)
    >>> same = overlap_tiles(lambda tiles: tiles, picture, (4, 4))
    >>> bool(np.allclose(same, picture))
    True

    Reference:
        [Ronneberger et al., 2015](https://arxiv.org/abs/1505.04597), figure
        2.
    """
    if not 0 <= overlap < 1:
        raise ValueError(f"`overlap` must lie in [0, 1). Received: {overlap=}")
    height, width = picture.shape[:2]
    starts = [
        tile_starts(size, side, overlap)
        for size, side in zip((height, width), tile, strict=True)
    ]
    padding = [
        (0, max(side - size, 0))
        for size, side in zip((height, width), tile, strict=True)
    ]
    # "symmetric" repeats the mirror for pictures smaller than half a tile.
    padded = np.pad(picture, [*padding, (0, 0)], mode="symmetric")
    weight = np.outer(*[ramp(side) for side in tile])[..., None]
    total, weights = None, 0
    for y in starts[0]:
        for x in starts[1]:
            here = np.s_[y : y + tile[0], x : x + tile[1]]
            scores = np.asarray(predict(padded[here][None]))[0]
            if total is None:
                total = np.zeros((*padded.shape[:2], scores.shape[-1]))
                weights = np.zeros((*padded.shape[:2], 1))
            total[here] += scores * weight
            weights[here] += weight
    return (total / weights)[:height, :width].astype("float32")


def tile_starts(size, side, overlap):
    """Where tiles begin along an axis: evenly, the last one at the end."""
    if size <= side:
        return [0]
    step = max(1, int(side * (1 - overlap)))
    count = -(-(size - side) // step) + 1
    return np.linspace(0, size - side, count).round().astype(int).tolist()


def ramp(side):
    """Weights that fall towards both edges, but never to 0: `(side,)`."""
    place = np.arange(side) + 0.5
    return np.minimum(place, side - place) / (side / 2)
