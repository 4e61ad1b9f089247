import keras

from keras_nn.losses.segmentation.region_loss import RegionLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class JaccardLoss(RegionLoss):
    """One minus the soft intersection over union of the regions.

    `L = 1 - (tp + smooth) / (tp + fp + fn + smooth)`

    for every picture and class, then the mean over classes.

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
    >>> masks = np.array([[[0, 0], [1, 1]]])
    >>> loss = JaccardLoss()
    >>> float(loss(masks, np.eye(2)[masks]))
    0.0

    Reference:
        [Rahman and Wang, 2016](https://doi.org/10.1007/978-3-319-50835-1_22)
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        name="jaccard_loss",
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
        return 1 - (tp + self.smooth) / (tp + fp + fn + self.smooth)


def jaccard_loss(
    y_true,
    y_pred,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1.0,
):
    """`JaccardLoss` of each picture.

    Args:
        y_true: see `JaccardLoss`, as the other arguments.
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
    >>> loss = jaccard_loss(masks, np.eye(2)[masks])
    >>> tuple(loss.shape), float(loss[0])
    ((1,), 0.0)
    """
    loss = JaccardLoss(
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        reduction="none",
    )
    return loss(y_true, y_pred)
