import keras
from keras import ops

from keras_nn.ops.dense_labels import dense_labels


@keras.saving.register_keras_serializable(package="keras_nn")
class ClassBinaryCrossentropy(keras.losses.Loss):
    """One class of several, learnt by a binary decision for each.

    `L = -mean_c t_c log p_c + (1 - t_c) log(1 - p_c)`, `p = sigmoid(z)`

    with `t` the smoothed label, or, under a threshold, 1 for all classes with
    a greater share, so that mixed pictures are fully each of what they show.

    Args:
        label_smoothing: float in [0, 1). Share of class indices that is
            spread over all classes; class shares stay as they are. Defaults
            to 0.1.
        threshold: float in [0, 1) or None. Defaults to None.
        sum_over_classes: bool. Whether to sum rather than to average.
            Defaults to False.
        from_logits: bool. Whether predictions are logits. Defaults to False.

    Call arguments:
        y_true: class indices `(batch,)`, or class shares `(batch, classes)`.
        y_pred: float tensor `(batch, classes)`.

    Returns:
        A float tensor `(batch,)`, before the reduction.

    Raises:
        ValueError: if an argument is out of its range.

    Example:

    >>> loss = ClassBinaryCrossentropy(threshold=0.2)
    >>> mixed = ops.convert_to_tensor([[0.6, 0.4, 0.0]])
    >>> sure = ops.convert_to_tensor([[1.0, 1.0, 0.0]])
    >>> round(float(loss(mixed, sure)), 4)
    0.0

    Reference:
        [Wightman et al., 2021](https://arxiv.org/abs/2110.00476)
    """

    def __init__(
        self,
        label_smoothing=0.1,
        threshold=None,
        sum_over_classes=False,
        from_logits=False,
        name="class_binary_crossentropy",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must lie in [0, 1). "
                f"Received: {label_smoothing=}"
            )
        if threshold is not None and not 0 <= threshold < 1:
            raise ValueError(
                f"`threshold` must lie in [0, 1). Received: {threshold=}"
            )
        self.label_smoothing = label_smoothing
        self.threshold = threshold
        self.sum_over_classes = sum_over_classes
        self.from_logits = from_logits

    def call(self, y_true, y_pred):
        y_true = ops.convert_to_tensor(y_true)
        indices = len(y_true.shape) < 2 or y_true.shape[-1] == 1
        targets, _ = dense_labels(y_true, y_pred, None)
        if indices:
            spread = self.label_smoothing / y_pred.shape[-1]
            targets = (1 - self.label_smoothing) * targets + spread
        if self.threshold is not None:
            targets = ops.cast(targets > self.threshold, y_pred.dtype)
        losses = ops.binary_crossentropy(
            targets, y_pred, from_logits=self.from_logits
        )
        total = ops.sum if self.sum_over_classes else ops.mean
        return total(losses, axis=-1)

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, output_shape[-1] - 1

    def get_config(self):
        return {
            **super().get_config(),
            "label_smoothing": self.label_smoothing,
            "threshold": self.threshold,
            "sum_over_classes": self.sum_over_classes,
            "from_logits": self.from_logits,
        }


def class_binary_crossentropy(
    y_true,
    y_pred,
    label_smoothing=0.1,
    threshold=None,
    sum_over_classes=False,
    from_logits=False,
):
    """`ClassBinaryCrossentropy` of each example.

    Args:
        y_true: class indices `(batch,)`, or class shares `(batch, classes)`.
        y_pred: float tensor `(batch, classes)`.
        label_smoothing: float in [0, 1).
        threshold: float in [0, 1) or None.
        sum_over_classes: bool. Whether to sum rather than to average.
        from_logits: bool. Whether predictions are logits.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> tuple(class_binary_crossentropy([0, 1], ops.ones((2, 3)) / 3).shape)
    (2,)
    """
    loss = ClassBinaryCrossentropy(
        label_smoothing,
        threshold,
        sum_over_classes,
        from_logits,
        reduction="none",
    )
    return loss(y_true, y_pred)
