import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class NoiseDropout(keras.layers.Layer):
    """Dropout that draws when a network is used, too: noise of a generator.

    `y = x * m / (1 - rate)`, `m` 1 with probability `1 - rate`, else 0

    A generator that is given a picture learns to ignore noise beside it;
    features that come and go it cannot.

    Args:
        rate: float in [0, 1). Share of features dropped.
        seed: int or None. Defaults to None.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor of any shape.

    Returns:
        A tensor of the same shape.

    Raises:
        ValueError: If `rate` is outside of [0, 1).

    Example:

    >>> layer = NoiseDropout(0.5, seed=0)
    >>> sorted(set(layer(ops.ones((1, 100))).numpy().ravel().tolist()))
    [0.0, 2.0]

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004), section 3.1
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                f"`rate` must be from 0 to below 1. Received: {rate=}"
            )
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, inputs):
        if not self.rate:
            return inputs
        return keras.random.dropout(inputs, self.rate, seed=self.seed_generator)

    def sow(self, seed):
        """Begins the draws anew: the same seed gives the same ones.

        Args:
            seed: int.
        """
        state = self.seed_generator.state
        state.assign(ops.cast(ops.convert_to_tensor([seed, 0]), state.dtype))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
