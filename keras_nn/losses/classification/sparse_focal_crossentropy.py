import keras
from keras import ops

from keras_nn.ops.dense_labels import dense_labels


@keras.saving.register_keras_serializable(package="keras_nn")
class SparseFocalCrossentropy(keras.losses.Loss):
    """Cross-entropy of class indices, softened and focused as one likes.

    `L = -sum_c w_c t_c (1 - p_c)^gamma log p_c`,
    `t = (1 - s) one_hot(y) + s / classes`

    What Keras offers for rows of class shares only (label smoothing `s`, the
    focal factor, weights of classes), for class indices, with an ignored
    class. With `gamma = 0` and `s = 0` it is
    `keras.losses.SparseCategoricalCrossentropy`.

    Args:
        gamma: float. Focus: how much less examples count that are well
            predicted. Defaults to 2.
        label_smoothing: float in [0, 1). The share of the target that is
            spread over all classes. Defaults to 0.
        class_weights: list of float or None. The weight `w_c` of each class.
            Defaults to None: 1.
        ignore_class: int or None. Index of places that do not count; their
            loss is 0. Defaults to None.
        from_logits: bool. Whether predictions are logits. Defaults to False.

    Call arguments:
        y_true: class indices `(batch, ...)`, or rows of class shares
            `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`.

    Returns:
        The loss of each place, `(batch, ...)`, before the reduction.

    Raises:
        ValueError: if `gamma` is negative or `label_smoothing` is not in
            [0, 1).

    Example:

    >>> loss = SparseFocalCrossentropy(gamma=2.0)
    >>> round(float(loss(ops.zeros(1), ops.ones((1, 2)) / 2)), 4)
    0.1733

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), equation 5;
        [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567), section 7.
    """

    def __init__(
        self,
        gamma=2.0,
        label_smoothing=0.0,
        class_weights=None,
        ignore_class=None,
        from_logits=False,
        name="sparse_focal_crossentropy",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if gamma < 0:
            raise ValueError(
                f"`gamma` must not be negative. Received: {gamma=}"
            )
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must lie in [0, 1). "
                f"Received: {label_smoothing=}"
            )
        self.gamma = gamma
        self.label_smoothing = label_smoothing
        self.class_weights = class_weights and [float(w) for w in class_weights]
        self.ignore_class = ignore_class
        self.from_logits = from_logits

    def call(self, y_true, y_pred):
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        classes = y_pred.shape[-1]
        spread = self.label_smoothing / classes
        targets = (1 - self.label_smoothing) * targets + spread * valid
        if self.from_logits:
            logs = ops.log_softmax(y_pred, axis=-1)
        else:
            logs = ops.log(ops.clip(y_pred, 1e-7, 1.0))
        if self.class_weights is not None:
            targets = targets * ops.cast(self.class_weights, targets.dtype)
        if self.gamma:
            # A power below 1 has no slope at 0.
            rest = ops.clip(1 - ops.exp(logs), 1e-7, 1.0)
            targets = targets * ops.power(rest, self.gamma)
        return -ops.sum(targets * logs, axis=-1)

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, output_shape[-1] - 1

    def get_config(self):
        return {
            **super().get_config(),
            "gamma": self.gamma,
            "label_smoothing": self.label_smoothing,
            "class_weights": self.class_weights,
            "ignore_class": self.ignore_class,
            "from_logits": self.from_logits,
        }


def sparse_focal_crossentropy(
    y_true,
    y_pred,
    gamma=2.0,
    label_smoothing=0.0,
    class_weights=None,
    ignore_class=None,
    from_logits=False,
):
    """`SparseFocalCrossentropy` of each place.

    Args:
        y_true: class indices `(batch, ...)`.
        y_pred: float tensor `(batch, ..., classes)`.
        gamma: float. Focus.
        label_smoothing: float in [0, 1).
        class_weights: list of float or None.
        ignore_class: int or None. Index of places whose loss is 0.
        from_logits: bool. Whether predictions are logits.

    Returns:
        A float tensor of shape `(batch, ...)`.

    Example:

    >>> loss = sparse_focal_crossentropy(
    ...     ops.ones(1), ops.ones((1, 2)) / 2, gamma=0.0
    ... )
    >>> round(float(loss[0]), 4)
    0.6931
    """
    loss = SparseFocalCrossentropy(
        gamma,
        label_smoothing,
        class_weights,
        ignore_class,
        from_logits,
        reduction="none",
    )
    return loss(y_true, y_pred)
