from keras import ops


def dense_labels(y_true, y_pred, ignore_class=None):
    """Targets and a mask of what counts, like the predictions they belong to.

    Args:
        y_true: class indices of shape `(batch, ...)` or `(batch, ..., 1)`, or
            rows of class shares `(batch, ..., classes)`.
        y_pred: float tensor of shape `(batch, ..., classes)`. One channel
            stands for class 1 of two.
        ignore_class: int or None. The index of places that do not count.

    Returns:
        `(targets, valid)`: the shares of every class, of the shape and type
        of `y_pred`, and 1 where a place counts, `(batch, ..., 1)`, else 0.
        Targets are 0 where nothing counts.

    Raises:
        ValueError: if the shapes do not belong together.

    Example:

    >>> from keras import ops
    >>> targets, valid = dense_labels([0, 1, 255], ops.ones((3, 2)), 255)
    >>> print(ops.convert_to_numpy(targets).tolist())
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    y_true = ops.convert_to_tensor(y_true)
    rank, classes = len(y_pred.shape), y_pred.shape[-1]
    if len(y_true.shape) == rank - 1:
        y_true = ops.expand_dims(y_true, -1)
    channels = y_true.shape[-1]
    places = zip(y_true.shape[:-1], y_pred.shape[:-1], strict=False)
    if (
        len(y_true.shape) != rank
        or channels not in (1, classes)
        or any(a != b for a, b in places if None not in (a, b))
    ):
        raise ValueError(
            "`y_true` must hold a class index for each place of `y_pred`, or "
            f"a share for each class. Received: shapes {tuple(y_true.shape)} "
            f"and {tuple(y_pred.shape)}"
        )
    if channels == classes > 1:
        targets = ops.cast(y_true, y_pred.dtype)
        return targets, ops.ones_like(targets[..., :1])
    valid = ops.ones_like(y_true, dtype=y_pred.dtype)
    if ignore_class is not None:
        ignored = ops.cast(ignore_class, y_true.dtype)
        valid = ops.cast(ops.not_equal(y_true, ignored), y_pred.dtype)
    if classes == 1:
        return ops.cast(y_true, y_pred.dtype) * valid, valid
    indices = ops.cast(ops.squeeze(y_true, -1), "int32")
    # Indices that are no class, such as 255, have no one.
    targets = ops.one_hot(indices, classes, dtype=y_pred.dtype)
    return targets * valid, valid
