import keras
from keras import ops

from keras_nn.losses.detection.dense_detection_loss import DenseDetectionLoss
from keras_nn.losses.detection.giou_loss import giou_loss
from keras_nn.ops.box_coders import encode_distances
from keras_nn.ops.match_boxes import match_points
from keras_nn.ops.pyramid_places import pyramid_points


@keras.saving.register_keras_serializable(package="keras_nn")
class FCOSLoss(DenseDetectionLoss):
    """The loss of a detector without anchors.

    `L = 1/n (sum focal + sum_o BCE(c_o, q_o)) + w sum_o c_o GIoU_o / sum_o c_o`

    over the `n` places `o` that answer for an object (see
    `keras_nn.ops.match_points`), with the centre-ness `c = sqrt(min(l, r) /
    max(l, r) min(t, b) / max(t, b))` of a place in its box.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        strides: list of int, in pixels. Those of the network's maps.
        reach: float. Objects of up to so many strides from a place to the
            farthest side belong to its map. Defaults to 8.
        radius: float. Places up to so many strides from the centre answer
            for an object. Defaults to 1.5.
        alpha: float in [0, 1]. Weight of objects in the focal loss. Defaults
            to 0.25.
        gamma: float. Its focus. Defaults to 2.
        box_weight: float. Weight of the boxes. Defaults to 1.
        name: str. Defaults to `"fcos_loss"`.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Call arguments:
        y_true: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels; rows of class -1 fill up.
        y_pred: float tensor `(batch, places, 5 + classes)`: the corners of
            boxes, the logit of the centre-ness, the logits of classes.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if an argument is out of range, or there are more or fewer
            predictions than places.

    Example:

    >>> loss = FCOSLoss((8, 8), [4])
    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 6.0, 6.0, 0.0]]])
    >>> y_pred = ops.broadcast_to(
    ...     ops.convert_to_tensor([0.0, 0.0, 6.0, 6.0, 0.0, 0.0]), (1, 4, 6)
    ... )
    >>> round(float(loss(y_true, y_pred)), 4)
    1.1264

    Reference:
        [Tian et al., 2019](https://arxiv.org/abs/1904.01355), equations 2 and
        3, with the generalised IoU.
    """

    leading = 5

    def __init__(
        self,
        image_size,
        strides,
        reach=8.0,
        radius=1.5,
        alpha=0.25,
        gamma=2.0,
        box_weight=1.0,
        name="fcos_loss",
        **kwargs,
    ):
        super().__init__(
            image_size, strides, alpha, gamma, box_weight, name, **kwargs
        )
        if min(reach, radius) <= 0:
            raise ValueError(
                "`reach` and `radius` must be positive. "
                f"Received: {reach=}, {radius=}"
            )
        self.reach = reach
        self.radius = radius
        self._points, self._steps = pyramid_points(image_size, strides)

    @property
    def num_places(self):
        return len(self._points)

    def match(self, boxes, there):
        return match_points(
            self._points, self._steps, boxes, there, self.reach, self.radius
        )

    def box_loss(self, true, predicted, objects, number):
        points = ops.cast(self._points, true.dtype)
        centre = centreness(encode_distances(true, points)) * objects
        logits = predicted[..., 4]
        entropy = centre * ops.log_sigmoid(logits)
        entropy = entropy + (objects - centre) * ops.log_sigmoid(-logits)
        overlap = centre * giou_loss(true, predicted[..., :4])
        share = ops.maximum(ops.sum(centre, axis=-1), 1e-6)
        boxes = ops.sum(overlap, axis=-1) / share
        return self.box_weight * boxes - ops.sum(entropy, axis=-1) / number

    def get_config(self):
        return {
            **super().get_config(),
            "reach": self.reach,
            "radius": self.radius,
        }


def centreness(distances):
    """1 in the middle of a box, 0 at its sides and outside: `(...)`.

    Args:
        distances: float tensor `(..., 4)`, as `encode_distances` gives them.
    """
    distances = ops.relu(distances)
    low, high = distances[..., :2], distances[..., 2:]
    ratio = ops.minimum(low, high) / ops.maximum(ops.maximum(low, high), 1e-6)
    return ops.sqrt(ops.prod(ratio, axis=-1))


def fcos_loss(
    y_true,
    y_pred,
    image_size,
    strides,
    reach=8.0,
    radius=1.5,
    alpha=0.25,
    gamma=2.0,
    box_weight=1.0,
):
    """`FCOSLoss` of each picture.

    Args:
        y_true: float tensor `(batch, m, 5)`.
        y_pred: float tensor `(batch, places, 5 + classes)`.
        image_size: tuple `(height, width)`, in pixels.
        strides: list of int, in pixels.
        reach: float. In strides.
        radius: float. In strides.
        alpha: float in [0, 1]. Weight of objects.
        gamma: float. Focus.
        box_weight: float. Weight of the boxes.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 6.0, 6.0, 0.0]]])
    >>> tuple(fcos_loss(y_true, ops.ones((1, 4, 7)), (8, 8), [4]).shape)
    (1,)
    """
    loss = FCOSLoss(
        image_size,
        strides,
        reach,
        radius,
        alpha,
        gamma,
        box_weight,
        reduction="none",
    )
    return loss(y_true, y_pred)
