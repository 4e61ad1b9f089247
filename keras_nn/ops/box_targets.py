"""The array in which the boxes of a batch of pictures travel."""

from keras import ops


def split_targets(targets):
    """Boxes, classes, and which of them are there.

    Args:
        targets: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels. Pictures with fewer boxes are filled up with
            rows of class -1.

    Returns:
        A float tensor `(batch, m, 4)`, an int32 tensor `(batch, m)` with 0
        for what fills up, and a bool tensor `(batch, m)`.

    Raises:
        ValueError: if rows do not have five entries.

    Example:

    >>> from keras import ops
    >>> targets = ops.convert_to_tensor([[[1.0, 2, 3, 4, 7], [0, 0, 0, 0, -1]]])
    >>> boxes, classes, there = split_targets(targets)
    >>> ops.convert_to_numpy(classes).tolist()
    [[7, 0]]
    """
    if len(targets.shape) != 3 or targets.shape[-1] != 5:
        raise ValueError(
            "Targets of a detector are rows (x_min, y_min, x_max, y_max, "
            f"class): shape (batch, boxes, 5). Received: {targets.shape}"
        )
    classes = ops.cast(targets[..., 4], "int32")
    there = classes >= 0
    return targets[..., :4], ops.where(there, classes, 0), there


def take_boxes(values, index):
    """The value of the box of each place; of the first one where it is none.

    Args:
        values: tensor `(batch, m)` or `(batch, m, k)`, a row a box.
        index: int32 tensor `(batch, n)`; negative for none.

    Returns:
        A tensor `(batch, n)` or `(batch, n, k)`.

    Example:

    >>> from keras import ops
    >>> values = ops.convert_to_tensor([[5, 6]])
    >>> index = ops.convert_to_tensor([[1, -1]])
    >>> ops.convert_to_numpy(take_boxes(values, index)).tolist()
    [[6, 5]]
    """
    index = ops.maximum(index, 0)
    if len(values.shape) == 3:
        index = ops.expand_dims(index, -1)
    return ops.take_along_axis(values, index, axis=1)
