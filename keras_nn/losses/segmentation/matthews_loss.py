import keras
from keras import ops

from keras_nn.losses.segmentation.region_loss import RegionLoss
from keras_nn.losses.segmentation.region_loss import mean_over_classes


@keras.saving.register_keras_serializable(package="keras_nn")
class MatthewsLoss(RegionLoss):
    """One minus the correlation of predicted and true regions.

    `L = 1 - (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn))`

    for every picture and class, then the mean over classes. Of the losses of
    regions it alone also counts what is rightly left out, so that it treats a
    class and its absence alike, however rare either of them is.

    Args:
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out. Defaults to None: all weigh the same.
        smooth: float. Added to each of the four counts, in pixels. Defaults
            to 1e-5.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`, or rows of
            class shares `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`; one channel stands for
            class 1 of two, the only one that is then compared.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction: in [0, 2],
        and 1 for what is no better than chance.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 0], [0, 1]]])
    >>> round(float(MatthewsLoss()(masks, np.eye(2)[masks])), 3)
    0.0

    Reference:
        [Abhishek and Hamarneh, 2021](https://arxiv.org/abs/2010.13454)
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1e-5,
        name="matthews_loss",
        **kwargs,
    ):
        super().__init__(
            from_logits,
            ignore_class,
            class_weights,
            smooth,
            name,
            **kwargs,
        )

    def call(self, y_true, y_pred):
        # Differences of sums may fall below 0 by a rounding error.
        tp, fp, fn, tn = (
            ops.maximum(count, 0) + self.smooth
            for count in self.counts(y_true, y_pred)
        )
        # Root by root: the product of four counts of a volume is too large.
        below = ops.sqrt((tp + fp) * (tp + fn))
        below = below * ops.sqrt((tn + fp) * (tn + fn))
        losses = 1 - (tp * tn - fp * fn) / below
        return mean_over_classes(losses, self.class_weights)


def matthews_loss(
    y_true,
    y_pred,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1e-5,
):
    """`MatthewsLoss` of each picture.

    Args:
        y_true: see `MatthewsLoss`, as the other arguments.
        y_pred: likewise.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out. Defaults to None: all weigh the same.
        smooth: float. Added to each of the four counts, in pixels. Defaults
            to 1e-5.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 1]]])
    >>> tuple(matthews_loss(masks, np.eye(2)[masks]).shape)
    (1,)
    """
    loss = MatthewsLoss(
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        reduction="none",
    )
    return loss(y_true, y_pred)
