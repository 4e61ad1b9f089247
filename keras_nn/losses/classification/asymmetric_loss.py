import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class AsymmetricLoss(keras.losses.Loss):
    """Binary focal loss of many labels, which lets easy negatives go.

    `L = -sum_c y (1 - p)^gamma_pos log p + (1 - y) q^gamma_neg log(1 - q)`

    with `q = max(p - clip, 0)`: a label that is absent and predicted with
    less than `clip` costs nothing at all.

    Args:
        gamma_positive: float. Focus among present labels. Defaults to 1.
        gamma_negative: float. Focus among absent labels. Defaults to 4.
        clip: float in [0, 1). Probability that is forgiven. Defaults to 0.05.
        from_logits: bool. Whether predictions are logits. Defaults to False.

    Call arguments:
        y_true: float tensor `(batch, ..., labels)` in [0, 1].
        y_pred: float tensor of the same shape.

    Returns:
        The sum over the labels, `(batch, ...)`, before the reduction.

    Raises:
        ValueError: if a focus is negative or `clip` is not in [0, 1).

    Example:

    >>> loss = AsymmetricLoss(clip=0.05)
    >>> labels = ops.convert_to_tensor([[1.0, 0.0]])
    >>> shares = ops.convert_to_tensor([[0.5, 0.04]])
    >>> round(float(loss(labels, shares)), 4)  # 0.5 * log 2
    0.3466

    Reference:
        [Ridnik et al., 2021](https://arxiv.org/abs/2009.14119), equation 7.
    """

    def __init__(
        self,
        gamma_positive=1.0,
        gamma_negative=4.0,
        clip=0.05,
        from_logits=False,
        name="asymmetric_loss",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if min(gamma_positive, gamma_negative) < 0 or not 0 <= clip < 1:
            raise ValueError(
                "`gamma_positive` and `gamma_negative` must not be negative, "
                f"`clip` must lie in [0, 1). Received: {gamma_positive=}, "
                f"{gamma_negative=}, {clip=}"
            )
        self.gamma_positive = gamma_positive
        self.gamma_negative = gamma_negative
        self.clip = clip
        self.from_logits = from_logits

    def call(self, y_true, y_pred):
        shares = ops.sigmoid(y_pred) if self.from_logits else y_pred
        shares = ops.clip(shares, 1e-7, 1 - 1e-7)
        blamed = ops.clip(shares - self.clip, 1e-7, 1.0)
        present = ops.power(1 - shares, self.gamma_positive) * ops.log(shares)
        absent = ops.power(blamed, self.gamma_negative) * ops.log(1 - blamed)
        return -ops.sum(y_true * present + (1 - y_true) * absent, axis=-1)

    def label_range(self, output_shape):
        """The lowest and the highest label."""
        return 0, 1

    def get_config(self):
        return {
            **super().get_config(),
            "gamma_positive": self.gamma_positive,
            "gamma_negative": self.gamma_negative,
            "clip": self.clip,
            "from_logits": self.from_logits,
        }


def asymmetric_loss(
    y_true,
    y_pred,
    gamma_positive=1.0,
    gamma_negative=4.0,
    clip=0.05,
    from_logits=False,
):
    """`AsymmetricLoss` of each example.

    Args:
        y_true: float tensor `(batch, ..., labels)` in [0, 1].
        y_pred: float tensor of the same shape.
        gamma_positive: float. Focus among present labels.
        gamma_negative: float. Focus among absent labels.
        clip: float in [0, 1). Probability that is forgiven.
        from_logits: bool. Whether predictions are logits.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> tuple(asymmetric_loss(ops.ones((2, 3)), ops.ones((2, 3)) / 2).shape)
    (2,)
    """
    loss = AsymmetricLoss(
        gamma_positive, gamma_negative, clip, from_logits, reduction="none"
    )
    return loss(y_true, y_pred)
