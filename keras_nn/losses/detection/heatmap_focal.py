import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class HeatmapFocal(keras.losses.Loss):
    """Focal loss of key points drawn as Gaussian bumps on a heat map.

    `L = -1 / n sum (1 - p)^alpha log p` where the map is 1, and
    `-1 / n sum (1 - y)^beta p^alpha log(1 - p)` elsewhere

    with the `n` key points of the picture (1 if there is none): close to a
    key point, where the map is nearly 1, a false alarm costs little. The
    reference counts the key points of a whole batch; here each picture is
    divided by its own, so that its loss does not depend on its company.

    Args:
        alpha: float. Focus on what is badly predicted. Defaults to 2.
        beta: float. Mercy close to key points. Defaults to 4.
        from_logits: bool. Whether predictions are logits. Defaults to False.

    Call arguments:
        y_true: float tensor `(batch, ..., classes)` in [0, 1], exactly 1 at
            key points.
        y_pred: float tensor of the same shape.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if `alpha` or `beta` is negative.

    Example:

    >>> loss = HeatmapFocal()
    >>> heatmap = ops.convert_to_tensor([[[0.0, 1.0, 0.5]]])
    >>> round(float(loss(heatmap, heatmap)), 4)
    0.0108

    Reference:
        [Zhou et al., 2019](https://arxiv.org/abs/1904.07850), equation 1.
    """

    def __init__(
        self,
        alpha=2.0,
        beta=4.0,
        from_logits=False,
        name="heatmap_focal",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if min(alpha, beta) < 0:
            raise ValueError(
                "`alpha` and `beta` must not be negative. "
                f"Received: {alpha=}, {beta=}"
            )
        self.alpha = alpha
        self.beta = beta
        self.from_logits = from_logits

    def call(self, y_true, y_pred):
        if self.from_logits:
            shares = ops.sigmoid(y_pred)
            of_one, of_none = ops.log_sigmoid(y_pred), ops.log_sigmoid(-y_pred)
        else:
            shares = ops.clip(y_pred, 1e-7, 1 - 1e-7)
            of_one, of_none = ops.log(shares), ops.log(1 - shares)
        is_point = ops.cast(y_true >= 1, y_pred.dtype)
        found = is_point * ops.power(1 - shares, self.alpha) * of_one
        mercy = ops.power(ops.relu(1 - y_true), self.beta) * (1 - is_point)
        silent = mercy * ops.power(shares, self.alpha) * of_none
        places = tuple(range(1, len(y_pred.shape)))
        points = ops.maximum(ops.sum(is_point, axis=places), 1)
        return -ops.sum(found + silent, axis=places) / points

    def label_range(self, output_shape):
        """The lowest and the highest value of a heat map."""
        return 0, 1

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "beta": self.beta,
            "from_logits": self.from_logits,
        }


def heatmap_focal(y_true, y_pred, alpha=2.0, beta=4.0, from_logits=False):
    """`HeatmapFocal` of each picture.

    Args:
        y_true: float tensor `(batch, ..., classes)` in [0, 1].
        y_pred: float tensor of the same shape.
        alpha: float. Focus on what is badly predicted.
        beta: float. Mercy close to key points.
        from_logits: bool. Whether predictions are logits.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> heatmap = ops.ones((2, 3, 3, 1))
    >>> tuple(heatmap_focal(heatmap, heatmap / 2).shape)
    (2,)
    """
    loss = HeatmapFocal(alpha, beta, from_logits, reduction="none")
    return loss(y_true, y_pred)
