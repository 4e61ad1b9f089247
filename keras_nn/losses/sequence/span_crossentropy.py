import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SpanCrossentropy(keras.losses.Loss):
    """Cross-entropy of where a passage begins and where it ends.

    `loss = -(log p_start[first] + log p_end[last]) / 2`, softmax over places

    Args:
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"span_crossentropy"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: int tensor `(batch, 2)`: first and last place.
        y_pred: float tensor `(batch, 2, length)`: logits of both.

    Returns:
        Nats an example, `(batch,)`, reduced.

    Example:

    >>> loss = SpanCrossentropy()
    >>> round(float(loss([[0, 2]], ops.zeros((1, 2, 4)))), 4)  # log 4
    1.3863

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805), section 4.2
    """

    def __init__(
        self,
        reduction="sum_over_batch_size",
        name="span_crossentropy",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return span_crossentropy(y_true, y_pred)

    def label_range(self, output_shape):
        """Lowest and highest place for outputs of this shape."""
        length = output_shape[-1]
        return 0, 2**31 - 1 if length is None else length - 1

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}


def span_crossentropy(y_true, y_pred):
    """Nats of each example; see `SpanCrossentropy`.

    Args:
        y_true: int tensor `(batch, 2)`.
        y_pred: float tensor `(batch, 2, length)`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> tuple(span_crossentropy([[0, 2]], ops.zeros((1, 2, 4))).shape)
    (1,)
    """
    nats = keras.losses.sparse_categorical_crossentropy(
        ops.cast(y_true, "int32"),
        ops.cast(y_pred, "float32"),
        from_logits=True,
    )
    return ops.mean(nats, axis=-1)
