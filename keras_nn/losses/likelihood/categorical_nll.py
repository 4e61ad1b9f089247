import keras
from keras import ops

from keras_nn.losses.likelihood.value_nll import ValueNLL


@keras.saving.register_keras_serializable(package="keras_nn")
class CategoricalNLL(ValueNLL):
    """Negative log-likelihood of levels of which each has a logit of its own.

    `P(y = level k) = softmax(logits)_k`

    Args:
        levels: int. Number of levels.
        value_range: pair of numbers, the lowest and highest level. Defaults
            to `(0, 1)`; `(0, levels - 1)` for indices.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"categorical_nll"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: values on the levels, `(batch, ..., channels)`; others count
            as the nearest level.
        y_pred: float tensor `(batch, ..., channels * levels)`, the logits of
            the first level of each channel, then of the second.

    Returns:
        Nats an example, reduced: of probabilities, so not below 0.

    Raises:
        ValueError: on fewer than two levels, or a range that does not rise.

    Example:

    >>> from keras import ops
    >>> loss = CategoricalNLL(levels=4)
    >>> round(float(loss(ops.ones((1, 1)), ops.zeros((1, 4)))), 4)
    1.3863

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1601.06759),
        section 3.3
    """

    def __init__(
        self,
        levels,
        value_range=(0.0, 1.0),
        reduction="sum_over_batch_size",
        name="categorical_nll",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if levels < 2:
            raise ValueError(
                f"`levels` must be at least 2. Received: {levels=}"
            )
        low, high = value_range
        if not low < high:
            raise ValueError(
                f"`value_range` must rise. Received: {value_range=}"
            )
        self.levels = levels
        self.value_range = (low, high)
        self.parameters_per_value = levels

    def value_nll(self, y_true, y_pred):
        low, high = self.value_range
        level = (y_true - low) * ((self.levels - 1) / (high - low))
        level = ops.clip(ops.round(level), 0, self.levels - 1)
        chosen = ops.one_hot(
            ops.cast(level, "int32"), self.levels, dtype=y_pred.dtype
        )
        return -ops.sum(chosen * ops.log_softmax(self._logits(y_pred)), -1)

    def mean(self, y_pred):
        places = ops.arange(self.levels, dtype=y_pred.dtype)
        share = ops.softmax(self._logits(y_pred))
        return self._in_range(ops.sum(share * places, axis=-1))

    def draw(self, y_pred, seed=None):
        logits = self._logits(y_pred)
        uniform = keras.random.uniform(
            ops.shape(logits), 1e-6, 1 - 1e-6, seed=seed
        )
        # The largest of logits plus Gumbel noise is a draw from softmax.
        level = ops.argmax(logits - ops.log(-ops.log(uniform)), axis=-1)
        return self._in_range(ops.cast(level, y_pred.dtype))

    def _in_range(self, level):
        low, high = self.value_range
        return low + level * ((high - low) / (self.levels - 1))

    def _logits(self, y_pred):
        """`(..., channels, levels)`."""
        channels = y_pred.shape[-1] // self.levels
        shape = (*ops.shape(y_pred)[:-1], self.levels, channels)
        return ops.swapaxes(ops.reshape(y_pred, shape), -1, -2)

    def get_config(self):
        return {
            **super().get_config(),
            "levels": self.levels,
            "value_range": self.value_range,
        }


def categorical_nll(y_true, y_pred, levels, value_range=(0.0, 1.0)):
    """Nats of each example; see `CategoricalNLL`.

    Args:
        y_true: values `(batch, ..., channels)`.
        y_pred: what the network says of them.
        levels: int. Number of levels.
        value_range: pair of numbers, the lowest and highest level.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> tuple(categorical_nll(ops.ones((3, 1)), ops.zeros((3, 2)), 2).shape)
    (3,)
    """
    return CategoricalNLL(levels, value_range, reduction="none")(y_true, y_pred)
