"""Boxes as a network predicts them, and back to corners."""

import math

from keras import ops

# The largest growth of an anchor that is decoded, as in the reference.
LIMIT = math.log(1000 / 16)
SMALLEST = 1e-6


def box_centres(boxes):
    """Centres and sides `(x, y, width, height)` of boxes given by corners.

    Args:
        boxes: float tensor `(..., 4)` of `(x_min, y_min, x_max, y_max)`.

    Returns:
        A float tensor `(..., 4)`.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[0.0, 2.0, 4.0, 4.0]])
    >>> ops.convert_to_numpy(box_centres(boxes)).tolist()
    [[2.0, 3.0, 4.0, 2.0]]
    """
    low, high = boxes[..., :2], boxes[..., 2:]
    return ops.concatenate([(low + high) / 2, high - low], axis=-1)


def box_corners(boxes):
    """Corners of boxes given by centres and sides; see `box_centres`.

    Args:
        boxes: float tensor `(..., 4)` of `(x, y, width, height)`.

    Returns:
        A float tensor `(..., 4)`.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[2.0, 3.0, 4.0, 2.0]])
    >>> ops.convert_to_numpy(box_corners(boxes)).tolist()
    [[0.0, 2.0, 4.0, 4.0]]
    """
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return ops.concatenate([centre - half, centre + half], axis=-1)


def encode_deltas(boxes, anchors):
    """Boxes as shifts and growths of anchors.

    `d = ((x - x_a) / w_a, (y - y_a) / h_a, log(w / w_a), log(h / h_a))`

    Args:
        boxes: float tensor `(..., 4)` of corners.
        anchors: float tensor `(..., 4)` of corners, with positive sides.

    Returns:
        A float tensor `(..., 4)`.

    Example:

    >>> from keras import ops
    >>> anchors = ops.convert_to_tensor([[0.0, 0.0, 4.0, 4.0]])
    >>> ops.convert_to_numpy(encode_deltas(anchors + 1, anchors)).tolist()
    [[0.25, 0.25, 0.0, 0.0]]

    Reference:
        [Girshick et al., 2014](https://arxiv.org/abs/1311.2524), appendix C.
    """
    boxes, anchors = box_centres(boxes), box_centres(anchors)
    shift = (boxes[..., :2] - anchors[..., :2]) / anchors[..., 2:]
    growth = ops.maximum(boxes[..., 2:], SMALLEST) / anchors[..., 2:]
    return ops.concatenate([shift, ops.log(growth)], axis=-1)


def decode_deltas(deltas, anchors):
    """The corners of boxes that `encode_deltas` encoded.

    Args:
        deltas: float tensor `(..., 4)`. A growth of more than 62.5 times is
            cut off.
        anchors: float tensor `(..., 4)` of corners.

    Returns:
        A float tensor `(..., 4)` of corners.

    Example:

    >>> from keras import ops
    >>> anchors = ops.convert_to_tensor([[0.0, 0.0, 4.0, 4.0]])
    >>> deltas = ops.convert_to_tensor([[0.25, 0.25, 0.0, 0.0]])
    >>> ops.convert_to_numpy(decode_deltas(deltas, anchors)).tolist()
    [[1.0, 1.0, 5.0, 5.0]]
    """
    anchors = box_centres(anchors)
    centre = anchors[..., :2] + deltas[..., :2] * anchors[..., 2:]
    sides = anchors[..., 2:] * ops.exp(ops.minimum(deltas[..., 2:], LIMIT))
    return box_corners(ops.concatenate([centre, sides], axis=-1))


def encode_distances(boxes, points):
    """Distances `(left, top, right, bottom)` of points from the sides.

    All four are positive for a point inside of its box.

    Args:
        boxes: float tensor `(..., 4)` of corners.
        points: float tensor `(..., 2)` of `(x, y)`.

    Returns:
        A float tensor `(..., 4)`.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[0.0, 0.0, 4.0, 4.0]])
    >>> points = ops.convert_to_tensor([[1.0, 2.0]])
    >>> ops.convert_to_numpy(encode_distances(boxes, points)).tolist()
    [[1.0, 2.0, 3.0, 2.0]]

    Reference:
        [Tian et al., 2019](https://arxiv.org/abs/1904.01355), equation 1.
    """
    low, high = boxes[..., :2], boxes[..., 2:]
    return ops.concatenate([points - low, high - points], axis=-1)


def decode_distances(distances, points):
    """The corners of boxes that `encode_distances` encoded.

    Args:
        distances: float tensor `(..., 4)`.
        points: float tensor `(..., 2)` of `(x, y)`.

    Returns:
        A float tensor `(..., 4)` of corners.

    Example:

    >>> from keras import ops
    >>> points = ops.convert_to_tensor([[1.0, 2.0]])
    >>> boxes = decode_distances(ops.ones((1, 4)), points)
    >>> ops.convert_to_numpy(boxes).tolist()
    [[0.0, 1.0, 2.0, 3.0]]
    """
    low, high = points - distances[..., :2], points + distances[..., 2:]
    return ops.concatenate([low, high], axis=-1)
