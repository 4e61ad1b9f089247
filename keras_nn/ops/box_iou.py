from keras import ops


def box_iou(boxes, others):
    """Intersection over union of every box with every other.

    Args:
        boxes: float tensor `(..., n, 4)` of corners `(x_min, y_min, x_max,
            y_max)`. A box whose corners are out of order is empty.
        others: float tensor `(..., m, 4)`.

    Returns:
        A float tensor `(..., n, m)`; 0 where both are empty.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> round(float(box_iou(boxes, boxes + 1)[0, 0]), 4)
    0.1429
    """
    boxes, others = ops.convert_to_tensor(boxes), ops.convert_to_tensor(others)
    first = ops.expand_dims(boxes, -2)  # (..., n, 1, 4)
    second = ops.expand_dims(others, -3)  # (..., 1, m, 4)
    low = ops.maximum(first[..., :2], second[..., :2])
    high = ops.minimum(first[..., 2:], second[..., 2:])
    both = ops.prod(ops.relu(high - low), axis=-1)
    union = box_area(first) + box_area(second) - both
    return both / ops.maximum(union, 1e-7)


def box_area(boxes):
    """Areas of boxes `(..., 4)`, in squared units of their corners.

    Args:
        boxes: float tensor `(..., 4)` of corners.

    Example:

    >>> from keras import ops
    >>> float(box_area(ops.convert_to_tensor([1.0, 1.0, 3.0, 4.0])))
    6.0
    """
    return ops.prod(ops.relu(boxes[..., 2:] - boxes[..., :2]), axis=-1)
