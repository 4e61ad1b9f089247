import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PatchDropout(keras.layers.Layer):
    """Trains on some of the tokens of each picture, which costs less.

    In training `y = x[kept]`, `kept` drawn anew for each example without
    replacement, in the order of the picture; otherwise `y = x`.

    Args:
        rate: float, `0 <= rate < 1`. Share of tokens left out.
        num_prefix_tokens: int. Tokens in front that are always kept, such as
            the class token. Defaults to 1.
        seed: int or None. Of the draws.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`, the number
            of tokens known.
        training: bool. Whether to leave tokens out.

    Returns:
        A float tensor of shape `(batch, tokens', features)`; `tokens'` is
        `tokens` except in training.

    Raises:
        ValueError: if `rate` is outside of its range.

    Example:

    >>> layer = PatchDropout(0.5)
    >>> tuple(layer(ops.ones((2, 9, 4)), training=True).shape)
    (2, 5, 4)

    Reference:
        [Liu et al., 2022](https://arxiv.org/abs/2208.07220)
    """

    def __init__(self, rate, num_prefix_tokens=1, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                f"`rate` must be at least 0 and below 1. Received: {rate=}"
            )
        self.rate = rate
        self.num_prefix_tokens = num_prefix_tokens
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.input_spec = keras.InputSpec(ndim=3)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        prefix = inputs[:, : self.num_prefix_tokens]
        patches = inputs[:, self.num_prefix_tokens :]
        count = patches.shape[1]
        scores = keras.random.uniform(
            (ops.shape(inputs)[0], count),
            dtype="float32",
            seed=self.seed_generator,
        )
        kept = max(1, round(count * (1 - self.rate)))
        order = ops.sort(ops.argsort(scores, axis=-1)[:, :kept], axis=-1)
        patches = ops.take_along_axis(patches, order[..., None], axis=1)
        return ops.concatenate([prefix, patches], axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "rate": self.rate,
            "num_prefix_tokens": self.num_prefix_tokens,
            "seed": self.seed,
        }
