import math

import keras
from keras import ops

from keras_nn.losses.likelihood.value_nll import ValueNLL


@keras.saving.register_keras_serializable(package="keras_nn")
class GaussianNLL(ValueNLL):
    """Negative log-likelihood of values of a Gaussian density.

    `loss = sum_i log(s_i) + log(2 pi) / 2 + (y_i - m_i)^2 / (2 s_i^2)`

    Args:
        deviation: float or None. `s`, the same for every value; None: the
            network says the means and then the logarithms of the deviations.
            Defaults to None.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"gaussian_nll"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: values `(batch, ..., channels)`.
        y_pred: `(batch, ..., channels)`, or `(batch, ..., 2 * channels)` where
            deviations are said.

    Returns:
        Nats an example, reduced. A density: it may fall below 0.

    Raises:
        ValueError: if `deviation` is not positive.

    Example:

    >>> from keras import ops
    >>> loss = GaussianNLL(deviation=1.0)
    >>> round(float(loss(ops.zeros((1, 2)), ops.zeros((1, 2)))), 4)
    1.8379

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix C
    """

    def __init__(
        self,
        deviation=None,
        reduction="sum_over_batch_size",
        name="gaussian_nll",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if deviation is not None and not deviation > 0:
            raise ValueError(
                f"`deviation` must be positive. Received: {deviation=}"
            )
        self.deviation = deviation
        self.parameters_per_value = 2 if deviation is None else 1

    def value_nll(self, y_true, y_pred):
        mean, log_deviation = self._parts(y_pred)
        scaled = (y_true - mean) * ops.exp(-log_deviation)
        constant = 0.5 * math.log(2 * math.pi)
        return log_deviation + constant + 0.5 * ops.square(scaled)

    def mean(self, y_pred):
        return self._parts(y_pred)[0]

    def draw(self, y_pred, seed=None):
        mean, log_deviation = self._parts(y_pred)
        noise = keras.random.normal(
            ops.shape(mean), dtype=mean.dtype, seed=seed
        )
        return mean + ops.exp(log_deviation) * noise

    def _parts(self, y_pred):
        if self.deviation is None:
            return ops.split(y_pred, 2, axis=-1)
        return y_pred, ops.full_like(y_pred, math.log(self.deviation))

    def get_config(self):
        return {**super().get_config(), "deviation": self.deviation}


def gaussian_nll(y_true, y_pred, deviation=None):
    """Nats of each example; see `GaussianNLL`.

    Args:
        y_true: values `(batch, ..., channels)`.
        y_pred: what the network says of them.
        deviation: float or None.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> nats = gaussian_nll(ops.zeros((3, 2)), ops.zeros((3, 2)), 1.0)
    >>> tuple(nats.shape)
    (3,)
    """
    return GaussianNLL(deviation, reduction="none")(y_true, y_pred)
