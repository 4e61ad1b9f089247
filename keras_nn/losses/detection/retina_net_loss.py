import keras
from keras import ops

from keras_nn.losses.detection.dense_detection_loss import DenseDetectionLoss
from keras_nn.losses.detection.giou_loss import giou_loss
from keras_nn.ops.box_coders import encode_deltas
from keras_nn.ops.match_boxes import match_anchors
from keras_nn.ops.pyramid_places import pyramid_anchors

BOX_LOSSES = ("smooth_l1", "giou")
BEND = 1 / 9  # where the smooth L1 of the reference's code turns linear


@keras.saving.register_keras_serializable(package="keras_nn")
class RetinaNetLoss(DenseDetectionLoss):
    """The loss of a detector with anchors.

    `L = 1/n (sum focal + w sum_o l(box_o, true_o))`

    over the `n` anchors `o` that answer for an object (see
    `keras_nn.ops.match_anchors`); `l` is the generalised IoU of the boxes, or
    the smooth L1 of their shifts and growths: `9/2 d^2` up to `|d| = 1/9`,
    and `|d| - 1/18` beyond.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        strides: list of int, in pixels. Those of the network's maps.
        size: float. Side of the anchor of scale 1, in strides. Defaults to 4.
        scales: list of float. Defaults to three thirds of an octave.
        ratios: list of float. Height over width. Defaults to 1/2, 1, 2.
        positive: float. Overlap from which an anchor is an object. Defaults
            to 0.5.
        negative: float. Overlap below which it is background. Defaults to
            0.4.
        box_loss_kind: str. `"smooth_l1"` or `"giou"`. Defaults to
            `"smooth_l1"`.
        alpha: float in [0, 1]. Weight of objects in the focal loss. Defaults
            to 0.25.
        gamma: float. Its focus. Defaults to 2.
        box_weight: float. Weight of the boxes. Defaults to 1.
        name: str. Defaults to `"retina_net_loss"`.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Call arguments:
        y_true: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels; rows of class -1 fill up.
        y_pred: float tensor `(batch, anchors, 4 + classes)`: the corners of
            boxes, the logits of classes.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if an argument is out of range, or there are more or fewer
            predictions than anchors.

    Example:

    >>> loss = RetinaNetLoss((8, 8), [8], size=1.0, scales=[1.0], ratios=[1.0])
    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 8.0, 8.0, 0.0]]])
    >>> y_pred = ops.convert_to_tensor([[[0.0, 0.0, 8.0, 8.0, 0.0]]])
    >>> round(float(loss(y_true, y_pred)), 4)
    0.0433

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002)
    """

    def __init__(
        self,
        image_size,
        strides,
        size=4.0,
        scales=(1.0, 2 ** (1 / 3), 2 ** (2 / 3)),
        ratios=(0.5, 1.0, 2.0),
        positive=0.5,
        negative=0.4,
        box_loss_kind="smooth_l1",
        alpha=0.25,
        gamma=2.0,
        box_weight=1.0,
        name="retina_net_loss",
        **kwargs,
    ):
        super().__init__(
            image_size, strides, alpha, gamma, box_weight, name, **kwargs
        )
        if box_loss_kind not in BOX_LOSSES:
            raise ValueError(
                f"`box_loss_kind` must be one of {BOX_LOSSES}. "
                f"Received: {box_loss_kind=}"
            )
        if not 0 <= negative <= positive <= 1:
            raise ValueError(
                "`negative` must not exceed `positive`, both in [0, 1]. "
                f"Received: {positive=}, {negative=}"
            )
        self.size = size
        self.scales = list(scales)
        self.ratios = list(ratios)
        self.positive = positive
        self.negative = negative
        self.box_loss_kind = box_loss_kind
        self._anchors = pyramid_anchors(
            image_size, strides, size, scales, ratios
        )

    @property
    def num_places(self):
        return len(self._anchors)

    def match(self, boxes, there):
        anchors = ops.cast(self._anchors, boxes.dtype)
        return match_anchors(
            anchors, boxes, there, self.positive, self.negative
        )

    def box_loss(self, true, predicted, objects, number):
        predicted = predicted[..., :4]
        if self.box_loss_kind == "giou":
            each = giou_loss(true, predicted)
        else:
            anchors = ops.cast(self._anchors, true.dtype)
            each = _smooth_l1(
                encode_deltas(predicted, anchors) - encode_deltas(true, anchors)
            )
        # Where there is no object there may be no finite number either.
        each = ops.where(objects > 0, each, 0.0)
        return self.box_weight * ops.sum(each, axis=-1) / number

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "scales": self.scales,
            "ratios": self.ratios,
            "positive": self.positive,
            "negative": self.negative,
            "box_loss_kind": self.box_loss_kind,
        }


def _smooth_l1(difference):
    size = ops.abs(difference)
    each = ops.where(
        size < BEND, ops.square(size) / (2 * BEND), size - BEND / 2
    )
    return ops.sum(each, axis=-1)


def retina_net_loss(
    y_true,
    y_pred,
    image_size,
    strides,
    size=4.0,
    scales=(1.0, 2 ** (1 / 3), 2 ** (2 / 3)),
    ratios=(0.5, 1.0, 2.0),
    positive=0.5,
    negative=0.4,
    box_loss_kind="smooth_l1",
    alpha=0.25,
    gamma=2.0,
    box_weight=1.0,
):
    """`RetinaNetLoss` of each picture.

    Args:
        y_true: float tensor `(batch, m, 5)`.
        y_pred: float tensor `(batch, anchors, 4 + classes)`.
        image_size: tuple `(height, width)`, in pixels.
        strides: list of int, in pixels.
        size: float. Side of the anchor of scale 1, in strides.
        scales: list of float.
        ratios: list of float. Height over width.
        positive: float. Overlap from which an anchor is an object.
        negative: float. Overlap below which it is background.
        box_loss_kind: str. `"smooth_l1"` or `"giou"`.
        alpha: float in [0, 1]. Weight of objects.
        gamma: float. Focus.
        box_weight: float. Weight of the boxes.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 8.0, 8.0, 0.0]]])
    >>> tuple(retina_net_loss(y_true, ops.ones((1, 9, 6)), (8, 8), [8]).shape)
    (1,)
    """
    loss = RetinaNetLoss(
        image_size,
        strides,
        size,
        scales,
        ratios,
        positive,
        negative,
        box_loss_kind,
        alpha,
        gamma,
        box_weight,
        reduction="none",
    )
    return loss(y_true, y_pred)
