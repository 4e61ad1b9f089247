import math

import keras
from keras import ops

from keras_nn.losses.detection.box_overlap_loss import EPSILON
from keras_nn.losses.detection.box_overlap_loss import BoxOverlapLoss
from keras_nn.losses.detection.box_overlap_loss import centre_penalty


@keras.saving.register_keras_serializable(package="keras_nn")
class CIoULoss(BoxOverlapLoss):
    """Intersection over union with the centres and the aspect ratio.

    `L = 1 - IoU + |a - b|^2 / d^2 + alpha v`

    with the centres `a`, `b`, the diagonal `d` of the smallest box around
    both, `v = 4 / pi^2 (atan(w_a / h_a) - atan(w_b / h_b))^2` and
    `alpha = v / (1 - IoU + v)`, through which no gradient flows.

    Args:
        name: str. Defaults to `"ciou_loss"`.
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

    >>> loss = CIoULoss()
    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> shift = ops.convert_to_tensor([[1.0, 0.0, 1.0, 0.0]])
    >>> round(float(loss(box, box + shift)), 4)
    0.7436

    Reference:
        [Zheng et al., 2020](https://arxiv.org/abs/1911.08287), equation 10.
    """

    def __init__(self, name="ciou_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def penalty(self, true, predicted, iou, union):
        angles = [
            ops.arctan(b.sides[..., 0] / ops.maximum(b.sides[..., 1], EPSILON))
            for b in (true, predicted)
        ]
        ratio = 4 / math.pi**2 * ops.square(angles[0] - angles[1])
        alpha = ratio / ops.maximum(1 - iou + ratio, EPSILON)
        centres = centre_penalty(true, predicted)
        return centres + ops.stop_gradient(alpha) * ratio


def ciou_loss(y_true, y_pred):
    """`CIoULoss` of each pair of boxes.

    Args:
        y_true: float tensor `(batch, ..., 4)` of corners.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> box = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> round(float(ciou_loss(box, box)[0]), 4)
    0.0
    """
    return CIoULoss(reduction="none")(y_true, y_pred)
