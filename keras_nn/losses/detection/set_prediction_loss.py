import keras
from keras import ops

from keras_nn.losses.detection.giou_loss import giou_loss
from keras_nn.ops.box_coders import box_centres
from keras_nn.ops.box_targets import split_targets
from keras_nn.ops.box_targets import take_boxes
from keras_nn.ops.linear_assignment import linear_assignment


@keras.saving.register_keras_serializable(package="keras_nn")
class SetPredictionLoss(keras.losses.Loss):
    """The loss of a set of objects predicted by queries, in any order.

    `L = sum_q w_q CE_q / sum_q w_q + 1/n sum_o (5 |b_o - b_s(o)|_1 + 2 (1 -
    GIoU_o))`, summed over the decoder's layers

    Each of the `n` objects is given to a query of its own, the assignment `s`
    that costs least by `5 |b - b'|_1 + 2 (1 - GIoU) - p(class)`; all others
    must say "none", with the small weight `w`. Boxes are compared as centres
    and sides in shares of the picture. What the reference divides by the
    objects of a whole batch is divided by those of each picture, so that its
    loss does not depend on its company.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        class_weight: float. Of the probability in the cost. Defaults to 1.
        distance_weight: float. Of the distance, in cost and loss. Defaults to
            5.
        overlap_weight: float. Of the overlap, in cost and loss. Defaults to
            2.
        none_weight: float. `w` of queries without an object; the others have
            1. Defaults to 0.1.
        name: str. Defaults to `"set_prediction_loss"`.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Call arguments:
        y_true: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels; rows of class -1 fill up.
        y_pred: float tensor `(batch, layers, queries, 5 + classes)`: corners
            in pixels, logits of classes, the logit of "none".

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if there are more rows of targets than queries, or a
            weight is negative.

    Example:

    >>> loss = SetPredictionLoss((8, 8))
    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 0.0]]])
    >>> y_pred = ops.convert_to_tensor([[[[0.0, 0.0, 4.0, 4.0, 9.0, 0.0]]]])
    >>> round(float(loss(y_true, y_pred)), 4)
    0.0001

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872), equations 1
        and 2.
    """

    def __init__(
        self,
        image_size,
        class_weight=1.0,
        distance_weight=5.0,
        overlap_weight=2.0,
        none_weight=0.1,
        name="set_prediction_loss",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        weights = (class_weight, distance_weight, overlap_weight, none_weight)
        if min(weights) < 0 or len(image_size) != 2 or min(image_size) < 1:
            raise ValueError(
                "`image_size` must be (height, width) in pixels, weights not "
                f"negative. Received: {image_size=}, {class_weight=}, "
                f"{distance_weight=}, {overlap_weight=}, {none_weight=}"
            )
        self.image_size = tuple(image_size)
        self.class_weight = class_weight
        self.distance_weight = distance_weight
        self.overlap_weight = overlap_weight
        self.none_weight = none_weight

    def call(self, y_true, y_pred):
        if len(y_pred.shape) != 4:
            raise ValueError(
                "Predictions are (batch, layers, queries, 5 + classes). "
                f"Received: shape {tuple(y_pred.shape)}"
            )
        return sum(
            self._of_layer(y_true, y_pred[:, layer])
            for layer in range(y_pred.shape[1])
        )

    def match(self, y_true, y_pred):
        """The object of each query of a layer: int32 `(batch, queries)`.

        Args:
            y_true: as in the call.
            y_pred: float tensor `(batch, queries, 5 + classes)`.

        Returns:
            The number of the object, -1 for none.
        """
        boxes, classes, there = split_targets(y_true)
        boxes = ops.cast(boxes, y_pred.dtype)
        predicted = y_pred[..., None, :4]  # (batch, queries, 1, 4)
        overlap = giou_loss(boxes[:, None], predicted)
        distance = self._distance(boxes[:, None], predicted)
        shares = ops.softmax(y_pred[..., 4:])
        of_class = ops.one_hot(
            classes, y_pred.shape[-1] - 4, dtype=y_pred.dtype
        )
        likely = ops.einsum("bqc,bmc->bqm", shares, of_class)
        costs = self.distance_weight * distance - self.class_weight * likely
        costs = costs + self.overlap_weight * overlap
        return linear_assignment(costs, there)

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "class_weight": self.class_weight,
            "distance_weight": self.distance_weight,
            "overlap_weight": self.overlap_weight,
            "none_weight": self.none_weight,
        }

    def _of_layer(self, y_true, y_pred):
        found = self.match(y_true, ops.stop_gradient(y_pred))
        boxes, classes, _ = split_targets(y_true)
        objects = ops.cast(found >= 0, y_pred.dtype)
        none = y_pred.shape[-1] - 5  # the last of the classes
        labels = ops.where(found >= 0, take_boxes(classes, found), none)
        targets = ops.one_hot(labels, none + 1, dtype=y_pred.dtype)
        entropy = -ops.sum(targets * ops.log_softmax(y_pred[..., 4:]), axis=-1)
        weights = objects + self.none_weight * (1 - objects)
        total = ops.maximum(ops.sum(weights, axis=-1), 1e-6)
        of_classes = ops.sum(weights * entropy, axis=-1) / total
        true = ops.cast(take_boxes(boxes, found), y_pred.dtype)
        predicted = y_pred[..., :4]
        of_boxes = self.distance_weight * self._distance(true, predicted)
        of_boxes += self.overlap_weight * giou_loss(true, predicted)
        number = ops.maximum(ops.sum(objects, axis=-1), 1)
        return of_classes + ops.sum(of_boxes * objects, axis=-1) / number

    def _distance(self, true, predicted):
        """Of centres and sides, in shares of the picture: `(...)`."""
        height, width = self.image_size
        scale = ops.convert_to_tensor([width, height] * 2, predicted.dtype)
        apart = (box_centres(true) - box_centres(predicted)) / scale
        return ops.sum(ops.abs(apart), axis=-1)


def set_prediction_loss(
    y_true,
    y_pred,
    image_size,
    class_weight=1.0,
    distance_weight=5.0,
    overlap_weight=2.0,
    none_weight=0.1,
):
    """`SetPredictionLoss` of each picture.

    Args:
        y_true: float tensor `(batch, m, 5)`.
        y_pred: float tensor `(batch, layers, queries, 5 + classes)`.
        image_size: tuple `(height, width)`, in pixels.
        class_weight: float. Of the probability in the cost.
        distance_weight: float. Of the distance, in cost and loss.
        overlap_weight: float. Of the overlap, in cost and loss.
        none_weight: float. Of queries without an object.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 0.0]]])
    >>> y_pred = ops.ones((1, 2, 3, 7))
    >>> tuple(set_prediction_loss(y_true, y_pred, (8, 8)).shape)
    (1,)
    """
    loss = SetPredictionLoss(
        image_size,
        class_weight,
        distance_weight,
        overlap_weight,
        none_weight,
        reduction="none",
    )
    return loss(y_true, y_pred)
