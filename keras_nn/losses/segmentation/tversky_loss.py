import keras

from keras_nn.losses.segmentation.region_loss import RegionLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class TverskyLoss(RegionLoss):
    """An overlap in which what is missed may cost more than what is invented.

    `L = 1 - (tp + smooth) / (tp + alpha fp + beta fn + smooth)`

    for every picture and class, then the mean over classes. With
    `alpha = beta = 0.5` it is the Dice loss, with `alpha = beta = 1` the
    Jaccard loss.

    Args:
        alpha: float. Weight of what is predicted and not there. Defaults to
            0.3.
        beta: float. Weight of what is there and not predicted. Defaults to
            0.7.
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
        ValueError: if `alpha` or `beta` is negative, or both are 0.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 0], [1, 1]]])
    >>> loss = TverskyLoss(alpha=0.3, beta=0.7)
    >>> float(loss(masks, np.eye(2)[masks]))
    0.0

    Reference:
        [Salehi et al., 2017](https://arxiv.org/abs/1706.05721), equation 3.
    """

    def __init__(
        self,
        alpha=0.3,
        beta=0.7,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        name="tversky_loss",
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
        if min(alpha, beta) < 0 or not alpha + beta:
            raise ValueError(
                "`alpha` and `beta` must not be negative, and not both 0. "
                f"Received: {alpha=}, {beta=}"
            )
        self.alpha = alpha
        self.beta = beta

    def region_loss(self, tp, fp, fn):
        below = tp + self.alpha * fp + self.beta * fn
        return 1 - (tp + self.smooth) / (below + self.smooth)

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "beta": self.beta,
        }


def tversky_loss(
    y_true,
    y_pred,
    alpha=0.3,
    beta=0.7,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1.0,
):
    """`TverskyLoss` of each picture.

    Args:
        y_true: see `TverskyLoss`, as the other arguments.
        y_pred: likewise.
        alpha: float. Weight of what is predicted and not there. Defaults to
            0.3.
        beta: float. Weight of what is there and not predicted. Defaults to
            0.7.
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
    >>> loss = tversky_loss(masks, np.eye(2)[masks])
    >>> tuple(loss.shape), float(loss[0])
    ((1,), 0.0)
    """
    loss = TverskyLoss(
        alpha,
        beta,
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        reduction="none",
    )
    return loss(y_true, y_pred)
