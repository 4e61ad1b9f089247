import keras
from keras import ops

from keras_nn.losses.segmentation.tversky_loss import TverskyLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class FocalTverskyLoss(TverskyLoss):
    """A Tversky loss that dwells on the regions that are badly found.

    `L = (1 - (tp + smooth) / (tp + alpha fp + beta fn + smooth))^(1 / gamma)`

    for every picture and class, then the mean over classes. With `gamma` above
    1 the slope grows the better a region is found, up to a perfect one, whose
    gradient is 0.

    Args:
        alpha: float. Weight of what is predicted and not there. Defaults to
            0.3.
        beta: float. Weight of what is there and not predicted. Defaults to
            0.7.
        gamma: float. Focus: 1 is the Tversky loss. Defaults to 4/3.
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

    Raises:
        ValueError: if `alpha` or `beta` is negative, or both are 0, or if
            `gamma` is not positive.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 0], [1, 1]]])
    >>> loss = FocalTverskyLoss(gamma=2.0)
    >>> float(loss(masks, np.eye(2)[masks])) < 1e-3
    True

    Reference:
        [Abraham and Khan, 2019](https://arxiv.org/abs/1810.07842), equation 4.
    """

    def __init__(
        self,
        alpha=0.3,
        beta=0.7,
        gamma=4 / 3,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        name="focal_tversky_loss",
        **kwargs,
    ):
        super().__init__(
            alpha,
            beta,
            from_logits,
            ignore_class,
            class_weights,
            smooth,
            name,
            **kwargs,
        )
        if gamma <= 0:
            raise ValueError(f"`gamma` must be positive. Received: {gamma=}")
        self.gamma = gamma

    def region_loss(self, tp, fp, fn):
        loss = super().region_loss(tp, fp, fn)
        # The slope of the power is infinite at 0.
        return ops.power(ops.maximum(loss, 1e-7), 1 / self.gamma)

    def get_config(self):
        return {**super().get_config(), "gamma": self.gamma}


def focal_tversky_loss(
    y_true,
    y_pred,
    alpha=0.3,
    beta=0.7,
    gamma=4 / 3,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1.0,
):
    """`FocalTverskyLoss` of each picture.

    Args:
        y_true: see `FocalTverskyLoss`, as the other arguments.
        y_pred: likewise.
        alpha: float. Weight of what is predicted and not there. Defaults to
            0.3.
        beta: float. Weight of what is there and not predicted. Defaults to
            0.7.
        gamma: float. Focus: 1 is the Tversky loss. Defaults to 4/3.
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
    >>> loss = focal_tversky_loss(masks, np.eye(2)[1 - masks])
    >>> tuple(loss.shape), 0 < float(loss[0]) < 1
    ((1,), True)
    """
    loss = FocalTverskyLoss(
        alpha,
        beta,
        gamma,
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        reduction="none",
    )
    return loss(y_true, y_pred)
