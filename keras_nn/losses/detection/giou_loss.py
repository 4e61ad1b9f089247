import keras
from keras import ops

from keras_nn.losses.detection.box_overlap_loss import EPSILON
from keras_nn.losses.detection.box_overlap_loss import BoxOverlapLoss
from keras_nn.losses.detection.box_overlap_loss import hull


@keras.saving.register_keras_serializable(package="keras_nn")
class GIoULoss(BoxOverlapLoss):
    """Intersection over union that pulls boxes together from afar.

    `L = 1 - IoU + (|C| - |A or B|) / |C|`

    with the smallest box `C` around both.

    Args:
        name: str. Defaults to `"giou_loss"`.
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

    >>> loss = GIoULoss()
    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> shift = ops.convert_to_tensor([[1.0, 0.0, 1.0, 0.0]])
    >>> round(float(loss(box, box + shift)), 4)
    0.6667

    Reference:
        [Rezatofighi et al., 2019](https://arxiv.org/abs/1902.09630)
    """

    def __init__(self, name="giou_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def penalty(self, true, predicted, iou, union):
        around = ops.prod(hull(true, predicted), axis=-1)
        return (around - union) / ops.maximum(around, EPSILON)


def giou_loss(y_true, y_pred):
    """`GIoULoss` of each pair of boxes.

    Args:
        y_true: float tensor `(batch, ..., 4)` of corners.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> round(float(giou_loss(box, box)[0]), 4)
    0.0
    """
    return GIoULoss(reduction="none")(y_true, y_pred)
