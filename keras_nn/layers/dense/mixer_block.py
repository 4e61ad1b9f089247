import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MixerBlock(keras.layers.Layer):
    """Mixes tokens channel by channel, then channels token by token.

    `x <- x + (gelu(norm(x)^T @ W1 + b1) @ W2 + b2)^T`;
    `y = x + gelu(norm(x) @ W3 + b3) @ W4 + b4`

    Args:
        token_dim: int. Hidden width of the mixing of tokens.
        channel_dim: int. Hidden width of the mixing of channels.
        epsilon: float, added to variances. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`, the number
            of tokens known.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if a width is not positive.

    Example:

    >>> layer = MixerBlock(token_dim=8, channel_dim=16)
    >>> tuple(layer(ops.ones((1, 9, 4))).shape)
    (1, 9, 4)

    Reference:
        [Tolstikhin et al., 2021](https://arxiv.org/abs/2105.01601)
    """

    def __init__(self, token_dim, channel_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        if min(token_dim, channel_dim) < 1:
            raise ValueError(
                "`token_dim` and `channel_dim` must be positive. "
                f"Received: {token_dim=}, {channel_dim=}"
            )
        self.token_dim = token_dim
        self.channel_dim = channel_dim
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=3)
        self.token_norm, self.channel_norm = (
            keras.layers.LayerNormalization(
                epsilon=epsilon, dtype=self.dtype_policy, name=name
            )
            for name in ("token_norm", "channel_norm")
        )

    def build(self, input_shape):
        batch, tokens, features = input_shape
        if tokens is None:
            raise ValueError(
                "The number of tokens must be known. "
                f"Received: input_shape={input_shape}"
            )
        self.token_norm.build(input_shape)
        self.channel_norm.build(input_shape)
        turned = (batch, features, tokens)
        self.token_hidden = self._dense(turned, self.token_dim, "token_hidden")
        self.token_out = self._dense(
            (*turned[:-1], self.token_dim), tokens, "token_out"
        )
        self.channel_hidden = self._dense(
            input_shape, self.channel_dim, "channel_hidden"
        )
        self.channel_out = self._dense(
            (batch, tokens, self.channel_dim), features, "channel_out"
        )

    def call(self, inputs):
        x = ops.transpose(self.token_norm(inputs), (0, 2, 1))
        x = self.token_out(self.token_hidden(x))
        x = inputs + ops.transpose(x, (0, 2, 1))
        return x + self.channel_out(self.channel_hidden(self.channel_norm(x)))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "token_dim": self.token_dim,
            "channel_dim": self.channel_dim,
            "epsilon": self.epsilon,
        }

    def _dense(self, input_shape, units, name):
        layer = keras.layers.Dense(
            units,
            activation="gelu" if name.endswith("hidden") else None,
            dtype=self.dtype_policy,
            name=name,
        )
        layer.build(input_shape)
        return layer
