import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TimeEmbedding(keras.layers.Layer):
    """Sines and cosines of a time, from fast to slow.

    `y = [sin(w_0 t), ..., cos(w_0 t), ...]`,
    `w_k = longest ** (-k / (units / 2))`

    The angles are computed in float32: times go to 1000.

    Args:
        units: int, even. Number of features.
        longest: float. The slowest wave takes `2 pi` times as long, almost.
            Defaults to 10000.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: tensor of shape `(batch,)`.

    Returns:
        A float tensor of shape `(batch, units)`.

    Raises:
        ValueError: If `units` is not even and positive.

    Example:

    >>> TimeEmbedding(units=4)(ops.zeros((1,)))[0].numpy().tolist()
    [0.0, 0.0, 1.0, 1.0]

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), section 3.5
    """

    def __init__(self, units, longest=10000.0, **kwargs):
        super().__init__(**{"autocast": False, **kwargs})
        if units < 2 or units % 2:
            raise ValueError(
                f"`units` must be even and positive. Received: {units=}"
            )
        self.units = units
        self.longest = longest

    def call(self, inputs):
        half = self.units // 2
        exponents = ops.arange(half, dtype="float32") / half
        speeds = ops.exp(-math.log(self.longest) * exponents)
        angles = ops.cast(inputs, "float32")[:, None] * speeds
        waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)
        return ops.cast(waves, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "longest": self.longest,
        }
