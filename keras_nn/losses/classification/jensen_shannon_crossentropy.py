import keras
from keras import ops

from keras_nn.ops.dense_labels import dense_labels


@keras.saving.register_keras_serializable(package="keras_nn")
class JensenShannonCrossentropy(keras.losses.Loss):
    """AugMix's loss: what is said of several views must be right and alike.

    `L = CE(y, p_1) + alpha / n sum_v KL(p_v || m)`, `m = mean_v p_v`

    Args:
        alpha: float. Weight of the divergence. Defaults to 12.
        label_smoothing: float in [0, 1). Share of a label that the
            cross-entropy spreads over all classes. Defaults to 0.1.
        from_logits: bool. Whether predictions are logits. Defaults to False.

    Call arguments:
        y_true: class indices `(batch,)`, or class shares `(batch, classes)`.
        y_pred: float tensor `(batch, views, classes)`; the first view is the
            picture as it is.

    Returns:
        A float tensor `(batch,)`, before the reduction.

    Raises:
        ValueError: if an argument is out of its range, or there is one view.

    Example:

    >>> loss = JensenShannonCrossentropy(label_smoothing=0.0)
    >>> same = ops.ones((1, 3, 2)) / 2
    >>> round(float(loss([0], same)), 4)  # log 2
    0.6931

    Reference:
        [Hendrycks et al., 2020](https://arxiv.org/abs/1912.02781)
    """

    def __init__(
        self,
        alpha=12.0,
        label_smoothing=0.1,
        from_logits=False,
        name="jensen_shannon_crossentropy",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if alpha < 0 or not 0 <= label_smoothing < 1:
            raise ValueError(
                "`alpha` must not be negative, `label_smoothing` lie in "
                f"[0, 1). Received: {alpha=}, {label_smoothing=}"
            )
        self.alpha = alpha
        self.label_smoothing = label_smoothing
        self.from_logits = from_logits

    def call(self, y_true, y_pred):
        if len(y_pred.shape) != 3 or y_pred.shape[1] == 1:
            raise ValueError(
                "`y_pred` must have the shape (batch, views, classes) with "
                f"two views or more. Received: {tuple(y_pred.shape)}"
            )
        classes = y_pred.shape[-1]
        if self.from_logits:
            logs = ops.log_softmax(y_pred, axis=-1)
        else:
            logs = ops.log(ops.clip(y_pred, 1e-7, 1.0))
        targets, _ = dense_labels(y_true, y_pred[:, 0], None)
        targets = (1 - self.label_smoothing) * targets
        targets = targets + self.label_smoothing / classes
        wrong = -ops.sum(targets * logs[:, 0], axis=-1)
        shares = ops.exp(logs)
        mixture = ops.mean(shares, axis=1, keepdims=True)
        mixture = ops.log(ops.clip(mixture, 1e-7, 1.0))
        apart = ops.sum(shares * (logs - mixture), axis=-1)  # (batch, views)
        return wrong + self.alpha * ops.mean(apart, axis=-1)

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, output_shape[-1] - 1

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "label_smoothing": self.label_smoothing,
            "from_logits": self.from_logits,
        }


def jensen_shannon_crossentropy(
    y_true, y_pred, alpha=12.0, label_smoothing=0.1, from_logits=False
):
    """`JensenShannonCrossentropy` of each example.

    Args:
        y_true: class indices `(batch,)`, or class shares `(batch, classes)`.
        y_pred: float tensor `(batch, views, classes)`.
        alpha: float. Weight of the divergence.
        label_smoothing: float in [0, 1).
        from_logits: bool. Whether predictions are logits.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> views = ops.ones((2, 3, 4)) / 4
    >>> tuple(jensen_shannon_crossentropy([0, 1], views).shape)
    (2,)
    """
    loss = JensenShannonCrossentropy(
        alpha, label_smoothing, from_logits, reduction="none"
    )
    return loss(y_true, y_pred)
