import keras
from keras import ops

# What the losses of Keras do for `ignore_class`; it has no public name.
from keras.src.backend import set_keras_mask


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenCrossentropy(keras.losses.Loss):
    """Cross-entropy of the next token, over the tokens that are there.

    `loss_t = -(1 - e) log p_t[y_t] - e mean_k log p_t[k]`, with smoothing
    `e`; the mean is over all tokens of a batch whose label is not
    `ignore_class`, on however many replicas they are.

    Args:
        ignore_class: int or None. The label of padding. Defaults to -1.
        label_smoothing: float in [0, 1). Share of the target that is spread
            over the vocabulary. Defaults to 0.
        reduction: Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"token_crossentropy"`.
        dtype: str. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, vocabulary)`: logits.

    Returns:
        A scalar; without reduction `(batch, length)`, 0 for padding.

    Raises:
        ValueError: if `label_smoothing` is no share.

    Example:

    >>> loss = TokenCrossentropy(ignore_class=-1)
    >>> round(float(loss([[1, -1]], ops.zeros((1, 2, 4)))), 4)  # log 4
    1.3863

    Reference:
        [Szegedy et al., 2016](https://arxiv.org/abs/1512.00567), section 7
    """

    def __init__(
        self,
        ignore_class=-1,
        label_smoothing=0.0,
        reduction="sum_over_batch_size",
        name="token_crossentropy",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must lie in [0, 1). Received: "
                f"{label_smoothing=}"
            )
        self.ignore_class = ignore_class
        self.label_smoothing = label_smoothing

    def call(self, y_true, y_pred):
        return token_crossentropy(
            y_true, y_pred, self.ignore_class, self.label_smoothing
        )

    def label_range(self, output_shape):
        """Lowest and highest label for outputs of this shape."""
        return 0, output_shape[-1] - 1

    def get_config(self):
        return {
            **super().get_config(),
            "dtype": self.dtype,
            "ignore_class": self.ignore_class,
            "label_smoothing": self.label_smoothing,
        }


def token_crossentropy(y_true, y_pred, ignore_class=-1, label_smoothing=0.0):
    """Cross-entropy of each token; see `TokenCrossentropy`.

    Args:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, vocabulary)`: logits.
        ignore_class: int or None. The label of padding.
        label_smoothing: float in [0, 1).

    Returns:
        A float tensor of shape `(batch, length)`, 0 for padding. Its Keras
        mask says which tokens count.

    Example:

    >>> losses = token_crossentropy([[1, -1]], ops.zeros((1, 2, 4)))
    >>> [round(float(loss), 4) for loss in losses[0]]
    [1.3863, 0.0]
    """
    y_pred = ops.convert_to_tensor(y_pred)
    logits = ops.cast(y_pred, "float32")
    losses = keras.losses.sparse_categorical_crossentropy(
        ops.cast(y_true, "int32"),
        logits,
        from_logits=True,
        ignore_class=ignore_class,
    )
    if not label_smoothing:
        return losses
    spread = ops.logsumexp(logits, axis=-1) - ops.mean(logits, axis=-1)
    mixed = (1 - label_smoothing) * losses + label_smoothing * spread
    if ignore_class is None:
        return mixed
    mask = ops.not_equal(ops.cast(y_true, "int32"), ignore_class)
    mixed = ops.where(mask, mixed, 0.0)
    set_keras_mask(mixed, mask)  # a mean over the tokens that are there
    return mixed
