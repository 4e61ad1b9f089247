import keras
from keras import ops

from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention


@keras.saving.register_keras_serializable(package="keras_nn")
class AdaptiveTransformerBlock(keras.layers.Layer):
    """A transformer block whose norms and shortcuts a condition steers.

    `x <- x + g1 * attention((1 + s1) * norm(x) + b1)`,
    `y = x + g2 * perceptron((1 + s2) * norm(x) + b2)`,
    `[b1, s1, g1, b2, s2, g2] = swish(condition) @ W + b`

    `W` and `b` begin at zero: a new block changes nothing (adaLN-Zero).

    Args:
        num_heads: int. It divides the features.
        hidden_dim: int. Width of the perceptron.
        epsilon: float, added to variances. Defaults to 1e-6.

    Call arguments:
        inputs: pair of float tensors: tokens `(batch, tokens, features)` and
            the condition `(batch, units)`.

    Returns:
        A float tensor of the shape of the tokens.

    Example:

    >>> layer = AdaptiveTransformerBlock(num_heads=2, hidden_dim=16)
    >>> tokens, condition = ops.ones((1, 4, 8)), ops.ones((1, 6))
    >>> bool(ops.all(layer([tokens, condition]) == tokens))
    True

    Reference:
        [Peebles and Xie, 2023](https://arxiv.org/abs/2212.09748)
    """

    def __init__(self, num_heads, hidden_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.epsilon = epsilon
        common = {"dtype": self.dtype_policy}
        self.norms = [
            keras.layers.LayerNormalization(
                epsilon=epsilon,
                center=False,
                scale=False,
                name=f"norm_{index}",
                **common,
            )
            for index in range(2)
        ]
        self.attention = ImageSelfAttention(
            num_heads, name="attention", **common
        )
        self.intermediate = keras.layers.Dense(
            hidden_dim, name="intermediate", **common
        )

    def build(self, input_shape):
        tokens, condition = input_shape
        features = tokens[-1]
        self.outer = keras.layers.Dense(
            features, dtype=self.dtype_policy, name="outer"
        )
        self.modulation = keras.layers.Dense(
            6 * features,
            kernel_initializer="zeros",
            dtype=self.dtype_policy,
            name="modulation",
        )
        for norm in self.norms:
            norm.build(tokens)
        self.attention.build(tokens)
        self.intermediate.build(tokens)
        self.outer.build((*tokens[:-1], self.hidden_dim))
        self.modulation.build(condition)

    def call(self, inputs, training=None):
        x, condition = inputs
        modulation = self.modulation(keras.activations.silu(condition))
        # (batch, 1, features) each
        shift, scale, gate, shift_after, scale_after, gate_after = ops.split(
            modulation[:, None], 6, axis=-1
        )
        branch = self.norms[0](x) * (1 + scale) + shift
        x = x + gate * self.attention(branch, training=training)
        branch = self.norms[1](x) * (1 + scale_after) + shift_after
        branch = keras.activations.gelu(
            self.intermediate(branch), approximate=True
        )
        return x + gate_after * self.outer(branch)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "epsilon": self.epsilon,
        }
