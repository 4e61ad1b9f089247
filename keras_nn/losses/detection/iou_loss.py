import keras

from keras_nn.losses.detection.box_overlap_loss import BoxOverlapLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class IoULoss(BoxOverlapLoss):
    """One minus the intersection over union of boxes.

    `L = 1 - |A and B| / |A or B|`

    Boxes that do not touch have no gradient; `GIoULoss` and the others give
    them one.

    Args:
        name: str. Defaults to `"iou_loss"`.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Call arguments:
        y_true: float tensor `(batch, ..., 4)` of corners `(x_min, y_min,
            x_max, y_max)`.
        y_pred: likewise.

    Returns:
        The loss of each pair, `(batch, ...)`, before the reduction. Boxes
        that fill up a batch get a `sample_weight` of 0.

    Raises:
        ValueError: if boxes do not have four coordinates.

    Example:

    >>> loss = IoULoss()
    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> shift = ops.convert_to_tensor([[1.0, 0.0, 1.0, 0.0]])
    >>> round(float(loss(box, box + shift)), 4)
    0.6667

    Reference:
        [Yu et al., 2016](https://arxiv.org/abs/1608.01471)
    """

    def __init__(self, name="iou_loss", **kwargs):
        super().__init__(name=name, **kwargs)


def iou_loss(y_true, y_pred):
    """`IoULoss` of each pair of boxes.

    Args:
        y_true: float tensor `(batch, ..., 4)` of corners.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> round(float(iou_loss(box, box)[0]), 4)
    0.0
    """
    return IoULoss(reduction="none")(y_true, y_pred)
