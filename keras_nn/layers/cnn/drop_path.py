import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class DropPath(keras.layers.Layer):
    """Stochastic depth: drops a whole residual branch, example by example.

    In training `y = x / (1 - rate)` with probability `1 - rate`, else 0, one
    draw an example; otherwise `y = x`.

    Args:
        rate: float, `0 <= rate < 1`. Share of examples dropped.
        seed: int or None. Of the draws.

    Call arguments:
        inputs: float tensor of shape `(batch, ...)`.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `rate` is outside of its range.

    Example:

    >>> float(ops.max(DropPath(0.5, seed=0)(ops.ones((8, 2)), training=True)))
    2.0

    Reference:
        [Huang et al., 2016](https://arxiv.org/abs/1603.09382)
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                f"`rate` must be at least 0 and below 1. Received: {rate=}"
            )
        self.rate = rate
        self.seed = seed
        self.supports_masking = True
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        ones = (1,) * (len(inputs.shape) - 1)
        return keras.random.dropout(
            inputs,
            self.rate,
            noise_shape=(ops.shape(inputs)[0], *ones),
            seed=self.seed_generator,
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
