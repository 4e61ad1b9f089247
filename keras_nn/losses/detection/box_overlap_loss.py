import keras
from keras import ops

EPSILON = 1e-7


class BoxOverlapLoss(keras.losses.Loss):
    """A loss `1 - IoU + penalty` of pairs of boxes.

    Abstract. Boxes are `(x_min, y_min, x_max, y_max)`, or the same with rows
    first; in any unit, since the loss does not depend on the scale. A box
    whose corners are out of order is empty. A subclass overrides
    `penalty(true, predicted, iou, union)`.

    Args:
        name: str.
        **kwargs: `reduction` and `dtype`, as in Keras.
    """

    def call(self, y_true, y_pred):
        if y_true.shape[-1] != 4 or y_pred.shape[-1] != 4:
            raise ValueError(
                "Boxes have four corners' coordinates. Received: shapes "
                f"{tuple(y_true.shape)} and {tuple(y_pred.shape)}"
            )
        true, predicted = Boxes(y_true), Boxes(y_pred)
        low = ops.maximum(true.low, predicted.low)
        high = ops.minimum(true.high, predicted.high)
        both = ops.prod(ops.relu(high - low), axis=-1)
        union = true.area + predicted.area - both
        iou = both / ops.maximum(union, EPSILON)
        return 1 - iou + self.penalty(true, predicted, iou, union)

    def penalty(self, true, predicted, iou, union):
        """What is added to `1 - IoU`, of shape `(...)`.

        Args:
            true: `Boxes`.
            predicted: `Boxes`.
            iou: float tensor `(...)`.
            union: float tensor `(...)`, the area of the union.
        """
        return 0.0


class Boxes:
    """Corners, sides and areas of boxes `(..., 4)`.

    Args:
        corners: float tensor `(..., 4)`: the low corner, then the high one.
    """

    def __init__(self, corners):
        self.low, self.high = corners[..., :2], corners[..., 2:]
        self.sides = ops.relu(self.high - self.low)
        self.area = ops.prod(self.sides, axis=-1)
        self.centre = (self.low + self.high) / 2


def hull(true, predicted):
    """Sides of the smallest box around both: `(..., 2)`."""
    low = ops.minimum(true.low, predicted.low)
    high = ops.maximum(true.high, predicted.high)
    return ops.relu(high - low)


def centre_penalty(true, predicted):
    """Squared distance of the centres over the hull's squared diagonal."""
    distance = ops.sum(ops.square(true.centre - predicted.centre), axis=-1)
    diagonal = ops.sum(ops.square(hull(true, predicted)), axis=-1)
    return distance / ops.maximum(diagonal, EPSILON)
