import keras
from keras import ops

from keras_nn.ops.linear_chain import log_partition
from keras_nn.ops.linear_chain import pass_over
from keras_nn.ops.linear_chain import path_score


@keras.saving.register_keras_serializable(package="keras_nn")
class CRFLoss(keras.losses.Loss):
    """The negative log-likelihood of tags under a linear chain.

    `loss = log sum_y exp(s(y)) - s(y_true)`, summed over the tokens of an
    example

    Args:
        ignore_class: int or None. The label of padding, which must be at the
            end. Defaults to -1.
        reduction: Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"crf_loss"`.
        dtype: str. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, tags, tags)`, as
            `layers.CRF` gives it.

    Returns:
        A scalar; without reduction `(batch,)`, 0 for an example of padding
        alone.

    Example:

    >>> chain = ops.zeros((1, 3, 4, 4))
    >>> round(float(CRFLoss()(ops.array([[0, 1, 3]]), chain)), 4)  # 3 log 4
    4.1589

    Reference:
        [Lafferty et al., 2001](https://repository.upenn.edu/handle/20.500.14332/6188)
    """

    def __init__(
        self,
        ignore_class=-1,
        reduction="sum_over_batch_size",
        name="crf_loss",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.ignore_class = ignore_class

    def call(self, y_true, y_pred):
        return crf_loss(y_true, y_pred, self.ignore_class)

    def label_range(self, output_shape):
        """Lowest and highest label for outputs of this shape."""
        return 0, output_shape[-1] - 1

    def get_config(self):
        return {
            **super().get_config(),
            "dtype": self.dtype,
            "ignore_class": self.ignore_class,
        }


def crf_loss(y_true, y_pred, ignore_class=-1):
    """The negative log-likelihood of tags; see `CRFLoss`.

    Args:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, tags, tags)`.
        ignore_class: int or None. The label of padding, at the end.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> losses = crf_loss(ops.array([[0, -1]]), ops.zeros((1, 2, 4, 4)))
    >>> losses.shape
    TensorShape([1])
    """
    tags = ops.cast(y_true, "int32")
    y_pred = ops.cast(y_pred, "float32")
    if ignore_class is None:
        return log_partition(y_pred) - path_score(y_pred, tags)
    there = ops.not_equal(tags, ignore_class)
    count = ops.sum(ops.cast(there, "int32"), axis=1, keepdims=True)
    last = ops.take_along_axis(tags, ops.maximum(count - 1, 0), axis=1)
    tags = ops.where(there, tags, last)  # padding stays with the last tag
    tags = ops.where(count > 0, tags, 0)
    y_pred = pass_over(y_pred, there)
    losses = log_partition(y_pred) - path_score(y_pred, tags)
    return ops.where(count[:, 0] > 0, losses, 0.0)
