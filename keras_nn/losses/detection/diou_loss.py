import keras

from keras_nn.losses.detection.box_overlap_loss import BoxOverlapLoss
from keras_nn.losses.detection.box_overlap_loss import centre_penalty


@keras.saving.register_keras_serializable(package="keras_nn")
class DIoULoss(BoxOverlapLoss):
    """Intersection over union that pulls the centres together.

    `L = 1 - IoU + |a - b|^2 / d^2`

    with the centres `a`, `b` and the diagonal `d` of the smallest box around
    both.

    Args:
        name: str. Defaults to `"diou_loss"`.
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

    >>> loss = DIoULoss()
    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> shift = ops.convert_to_tensor([[1.0, 0.0, 1.0, 0.0]])
    >>> round(float(loss(box, box + shift)), 4)
    0.7436

    Reference:
        [Zheng et al., 2020](https://arxiv.org/abs/1911.08287), equation 7.
    """

    def __init__(self, name="diou_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def penalty(self, true, predicted, iou, union):
        return centre_penalty(true, predicted)


def diou_loss(y_true, y_pred):
    """`DIoULoss` of each pair of boxes.

    Args:
        y_true: float tensor `(batch, ..., 4)` of corners.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> round(float(diou_loss(box, box)[0]), 4)
    0.0
    """
    return DIoULoss(reduction="none")(y_true, y_pred)
