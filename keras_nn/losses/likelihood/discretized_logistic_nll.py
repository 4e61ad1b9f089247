import math

import keras
from keras import ops

from keras_nn.losses.likelihood.value_nll import ValueNLL


@keras.saving.register_keras_serializable(package="keras_nn")
class DiscretizedLogisticNLL(ValueNLL):
    """Negative log-likelihood of grey levels under mixtures of logistics.

    `P(y) = sum_k pi_k (sigmoid((y + h - m_k) / s_k) -
    sigmoid((y - h - m_k) / s_k))`

    with `h` half the distance of two levels; the lowest and the highest level
    take what lies beyond them, so that the probabilities sum to 1.

    Args:
        levels: int. Number of grey levels. Defaults to 256.
        value_range: pair of numbers, the lowest and highest level. Defaults
            to `(0, 1)`.
        components: int. Logistics in the mixture of a value. Defaults to 1.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"discretized_logistic_nll"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: values on the levels, `(batch, ..., channels)`.
        y_pred: float tensor `(batch, ..., channels * n)`. `n` is 2 for one
            component, the means (counted from the middle of the range, in
            half ranges) and the log scales (likewise); else `3 * components`,
            first the logits of `pi`.

    Returns:
        Nats an example, reduced: of probabilities, so not below 0.

    Raises:
        ValueError: on fewer than two levels, no component, or a range that
            does not rise.

    Example:

    >>> from keras import ops
    >>> loss = DiscretizedLogisticNLL(levels=2)
    >>> round(float(loss(ops.ones((1, 1)), ops.zeros((1, 2)))), 4)
    0.6931

    Reference:
        [Salimans et al., 2017](https://arxiv.org/abs/1701.05517), section 2.1
    """

    def __init__(
        self,
        levels=256,
        value_range=(0.0, 1.0),
        components=1,
        reduction="sum_over_batch_size",
        name="discretized_logistic_nll",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if levels < 2 or components < 1:
            raise ValueError(
                "`levels` must be at least 2 and `components` positive. "
                f"Received: {levels=}, {components=}"
            )
        low, high = value_range
        if not low < high:
            raise ValueError(
                f"`value_range` must rise. Received: {value_range=}"
            )
        self.levels = levels
        self.value_range = (low, high)
        self.components = components
        self.parameters_per_value = 2 if components == 1 else 3 * components

    def value_nll(self, y_true, y_pred):
        low, high = self.value_range
        value = (y_true - low) * (2 / (high - low)) - 1  # from -1 to 1
        value = ops.expand_dims(value, -1)
        weight, mean, log_scale = self._parts(y_pred)
        half = 1 / (self.levels - 1)
        inverse = ops.exp(-log_scale)
        upper = (value + half - mean) * inverse
        lower = (value - half - mean) * inverse
        # log(sigmoid(u) - sigmoid(l)), stable: both tails in logarithms.
        between = (
            ops.log_sigmoid(upper)
            + ops.log_sigmoid(-lower)
            + ops.log(-ops.expm1(lower - upper))
        )
        chosen = ops.where(
            value < -1 + half,
            ops.log_sigmoid(upper),
            ops.where(value > 1 - half, ops.log_sigmoid(-lower), between),
        )
        return -ops.logsumexp(chosen + weight, axis=-1)

    def mean(self, y_pred):
        weight, mean, _ = self._parts(y_pred)
        return self._in_range(ops.sum(ops.exp(weight) * mean, axis=-1))

    def draw(self, y_pred, seed=None):
        weight, mean, log_scale = self._parts(y_pred)
        shape = ops.shape(mean)
        uniform = keras.random.uniform(shape, 1e-6, 1 - 1e-6, seed=seed)
        gumbel = -ops.log(-ops.log(uniform))
        chosen = ops.one_hot(ops.argmax(weight + gumbel, -1), self.components)
        uniform = keras.random.uniform(shape[:-1], 1e-6, 1 - 1e-6, seed=seed)
        logit = ops.log(uniform) - ops.log1p(-uniform)
        mean, log_scale = (
            ops.sum(chosen * part, axis=-1) for part in (mean, log_scale)
        )
        steps = (self.levels - 1) / 2
        level = ops.round((mean + ops.exp(log_scale) * logit + 1) * steps)
        return self._in_range(ops.clip(level / steps - 1, -1, 1))

    def _in_range(self, value):
        low, high = self.value_range
        return low + (ops.clip(value, -1, 1) + 1) * ((high - low) / 2)

    def _parts(self, y_pred):
        """Log weights, means and log scales `(..., channels, components)`."""
        kinds = 2 if self.components == 1 else 3
        channels = y_pred.shape[-1] // self.parameters_per_value
        parts = [
            ops.reshape(
                part, (*ops.shape(part)[:-1], channels, self.components)
            )
            for part in ops.split(y_pred, kinds, axis=-1)
        ]
        if kinds == 2:
            parts.insert(0, ops.zeros_like(parts[0]))
        weight, mean, log_scale = parts
        # No narrower than a hundredth of a level: its gradient would be lost.
        narrowest = -math.log(50.0 * self.levels)
        return ops.log_softmax(weight), mean, ops.maximum(log_scale, narrowest)

    def get_config(self):
        return {
            **super().get_config(),
            "levels": self.levels,
            "value_range": self.value_range,
            "components": self.components,
        }


def discretized_logistic_nll(
    y_true, y_pred, levels=256, value_range=(0.0, 1.0), components=1
):
    """Nats of each example; see `DiscretizedLogisticNLL`.

    Args:
        y_true: values `(batch, ..., channels)`.
        y_pred: what the network says of them.
        levels: int. Number of grey levels.
        value_range: pair of numbers, the lowest and highest level.
        components: int. Logistics in the mixture of a value.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> nats = discretized_logistic_nll(ops.ones((3, 1)), ops.zeros((3, 2)))
    >>> tuple(nats.shape)
    (3,)
    """
    return DiscretizedLogisticNLL(
        levels, value_range, components, reduction="none"
    )(y_true, y_pred)
