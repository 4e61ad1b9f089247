"""Where the places of a pyramid of maps lie in the picture: constants."""

import numpy as np


def pyramid_points(image_size, strides):
    """The centres of all cells of a pyramid of maps.

    `(x, y) = (stride (j + 1/2), stride (i + 1/2))`

    Args:
        image_size: tuple `(height, width)`, in pixels.
        strides: list of int, in pixels. The map of a stride has
            `ceil(height / stride)` rows and `ceil(width / stride)` columns.

    Returns:
        Two float32 NumPy arrays: points `(places, 2)` of `(x, y)`, in pixels,
        map after map, row after row; and the stride of each, `(places,)`.

    Example:

    >>> points, strides = pyramid_points((2, 4), [2, 4])
    >>> points.tolist(), strides.tolist()
    ([[1.0, 1.0], [3.0, 1.0], [2.0, 2.0]], [2.0, 2.0, 4.0])
    """
    points, steps = [], []
    for stride in strides:
        rows, columns = (-(-side // stride) for side in image_size)
        y, x = np.mgrid[:rows, :columns] + 0.5
        points.append(np.stack([x, y], axis=-1).reshape(-1, 2) * stride)
        steps.append(np.full(rows * columns, stride))
    return (
        np.concatenate(points).astype("float32"),
        np.concatenate(steps).astype("float32"),
    )


def pyramid_anchors(
    image_size,
    strides,
    size=4.0,
    scales=(1.0, 2 ** (1 / 3), 2 ** (2 / 3)),
    ratios=(0.5, 1.0, 2.0),
):
    """Boxes of several sizes and shapes about every cell of a pyramid.

    `height width = (stride size scale)^2`, `height / width = ratio`

    Args:
        image_size: tuple `(height, width)`, in pixels.
        strides: list of int, in pixels.
        size: float. Side of the square anchor of scale 1, in strides.
        scales: list of float. What that side is multiplied by.
        ratios: list of float. Height over width.

    Returns:
        A float32 NumPy array `(places * len(scales) * len(ratios), 4)` of
        corners: those of a place follow one another, scale after scale.

    Example:

    >>> pyramid_anchors((4, 4), [4], size=2.0, scales=[1], ratios=[1]).tolist()
    [[-2.0, -2.0, 6.0, 6.0]]

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), section 4.
    """
    points, steps = pyramid_points(image_size, strides)
    shapes = np.array(
        [
            [scale / np.sqrt(ratio), scale * np.sqrt(ratio)]
            for scale in scales
            for ratio in ratios
        ]
    )  # width and height
    half = steps[:, None, None] * size * shapes / 2
    points = points[:, None]
    corners = np.concatenate([points - half, points + half], axis=-1)
    return corners.reshape(-1, 4).astype("float32")
