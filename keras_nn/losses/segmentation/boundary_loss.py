import keras
from keras import ops

from keras_nn.losses.segmentation.region_loss import check_class_weights
from keras_nn.losses.segmentation.region_loss import class_shares
from keras_nn.losses.segmentation.region_loss import mean_over_classes
from keras_nn.ops.dense_labels import dense_labels
from keras_nn.ops.squared_distance import squared_distance


@keras.saving.register_keras_serializable(package="keras_nn")
class BoundaryLoss(keras.losses.Loss):
    """How far, in pixels, predicted regions reach over the true boundary.

    `L = mean over places of p(place) phi(place)`

    `phi` is the distance to the true region outside of it, and inside minus
    the distance to what is outside, plus 1; exact, and made in the step. The
    loss may become negative. A class that is nowhere in the picture, or
    everywhere, costs nothing, so train with it beside a loss of regions.

    Args:
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out. Defaults to None: all weigh the same.

    Call arguments:
        y_true: class indices `(batch, height, width)`, or with a last axis of
            1, or rows of zeros and ones `(batch, height, width, classes)`.
        y_pred: float tensor `(batch, height, width, classes)`; one channel
            stands for class 1 of two.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[1, 0, 0]]])
    >>> loss = BoundaryLoss(class_weights=[0, 1])
    >>> far, near = np.array([[[1, 0, 1]]]), np.array([[[1, 1, 0]]])
    >>> bool(loss(masks, np.eye(2)[near]) < loss(masks, np.eye(2)[far]))
    True

    Reference:
        [Kervadec et al., 2019](https://arxiv.org/abs/1812.07032), equation 5.
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        name="boundary_loss",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.class_weights = check_class_weights(class_weights)

    def call(self, y_true, y_pred):
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        shares = class_shares(y_pred, self.from_logits)
        inside = ops.transpose(targets > 0.5, (0, 3, 1, 2))
        present = ops.any(inside, axis=(2, 3), keepdims=True)
        absent = ops.logical_not(ops.all(inside, axis=(2, 3), keepdims=True))
        outer = ops.sqrt(squared_distance(inside))
        inner = ops.sqrt(squared_distance(ops.logical_not(inside))) - 1
        # A region without boundary pulls nowhere.
        phi = ops.where(inside, -inner, outer)
        phi = ops.where(ops.logical_and(present, absent), phi, 0.0)
        phi = ops.cast(ops.transpose(phi, (0, 2, 3, 1)), shares.dtype)
        count = ops.maximum(ops.sum(valid, axis=(1, 2)), 1)  # (batch, 1)
        losses = ops.sum(shares * phi * valid, axis=(1, 2)) / count
        return mean_over_classes(losses, self.class_weights)

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, max(output_shape[-1] - 1, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "ignore_class": self.ignore_class,
            "class_weights": self.class_weights,
        }


def boundary_loss(
    y_true, y_pred, from_logits=False, ignore_class=None, class_weights=None
):
    """`BoundaryLoss` of each picture.

    Args:
        y_true: class indices `(batch, height, width)`, or as `BoundaryLoss`
            says.
        y_pred: float tensor `(batch, height, width, classes)`.
        from_logits: bool. Whether predictions are logits.
        ignore_class: int or None. Index of places that do not count.
        class_weights: list of float or None. The weight of each class.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> masks = np.zeros((2, 4, 4))
    >>> masks[:, 1:3, 1:3] = 1
    >>> boundary_loss(masks, masks[..., None]).shape
    TensorShape([2])
    """
    loss = BoundaryLoss(
        from_logits, ignore_class, class_weights, reduction="none"
    )
    return loss(y_true, y_pred)
