import keras

from keras_nn.losses.segmentation.region_loss import RegionLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class DiceLoss(RegionLoss):
    """One minus the Dice overlap of predicted and true regions.

    `L = 1 - (2 tp + smooth) / (2 tp + fp + fn + smooth)`

    for every picture and class, then the mean over classes. A class counts by
    its overlap and not by its area, so a small one is not drowned by the
    background. Unlike `keras.losses.Dice` it takes class indices, an ignored
    class and logits, and compares picture by picture.

    Args:
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out. Defaults to None: all weigh the same.
        smooth: float. Added above and below the fraction, in pixels. Defaults
            to 1.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`, or rows of
            class shares `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`; one channel stands for
            class 1 of two, the only one that is then compared.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 0], [1, 255]]])
    >>> loss = DiceLoss(ignore_class=255)
    >>> float(loss(masks, np.eye(2)[masks % 2]))
    0.0

    Reference:
        [Milletari et al., 2016](https://arxiv.org/abs/1606.04797), section 3.
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        name="dice_loss",
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

    def region_loss(self, tp, fp, fn):
        return 1 - (2 * tp + self.smooth) / (2 * tp + fp + fn + self.smooth)


def dice_loss(
    y_true,
    y_pred,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1.0,
):
    """`DiceLoss` of each picture.

    Args:
        y_true: see `DiceLoss`, as the other arguments.
        y_pred: likewise.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out. Defaults to None: all weigh the same.
        smooth: float. Added above and below the fraction, in pixels. Defaults
            to 1.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 1]]])
    >>> loss = dice_loss(masks, np.eye(2)[masks])
    >>> tuple(loss.shape), float(loss[0])
    ((1,), 0.0)
    """
    loss = DiceLoss(
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        reduction="none",
    )
    return loss(y_true, y_pred)
