"""Pictures of any size through a network that enlarges."""

import numpy as np


def enlarge_in_tiles(predict, picture, scale, tile=192, margin=40):
    """A picture enlarged part by part, each with its surroundings.

    A part is looked at with `margin` pixels around it, which are cut off
    afterwards. The result is that of the whole picture where the network sees
    no farther than that (`EDSR` of `n` blocks sees `2 n + 4` pixels).

    Args:
        predict: callable from pictures `(1, height, width, channels)` to
            pictures `(1, scale * height, scale * width, channels)`.
        picture: array `(height, width, channels)`.
        scale: int.
        tile: int. Side of a part, in pixels of the small picture. Defaults
            to 192.
        margin: int. In pixels of the small picture. Defaults to 40.

    Returns:
        float32 array `(scale * height, scale * width, channels)`.

    Raises:
        ValueError: if `tile` is not positive, or `margin` negative.

    Example:

    >>> picture = np.random.rand(10, 7, 1).astype("float32")
    >>> twice = lambda x: x.repeat(2, axis=1).repeat(2, axis=2)
    >>> large = enlarge_in_tiles(twice, picture, 2, tile=4, margin=1)
    >>> bool((large == twice(picture[None])[0]).all())
    True
    """
    if tile < 1 or margin < 0:
        raise ValueError(
            "`tile` must be positive, `margin` not negative. "
            f"Received: {tile=}, {margin=}"
        )
    picture = np.asarray(picture, "float32")
    height, width, channels = picture.shape
    large = np.empty((scale * height, scale * width, channels), "float32")
    for y in range(0, height, tile):
        for x in range(0, width, tile):
            top, left = max(y - margin, 0), max(x - margin, 0)
            seen = picture[top : y + tile + margin, left : x + tile + margin]
            said = np.asarray(predict(seen[None]))[0]
            here = large[
                scale * y : scale * (y + tile), scale * x : scale * (x + tile)
            ]
            from_y, from_x = scale * (y - top), scale * (x - left)
            here[:] = said[
                from_y : from_y + here.shape[0],
                from_x : from_x + here.shape[1],
            ]
    return large
