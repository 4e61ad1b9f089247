import keras

from keras_nn.layers.transformer.flexible_attention import FlexibleAttention
from keras_nn.layers.transformer.transformer_feed_forward import (
    TransformerFeedForward,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class BidirectionalTransformerBlock(keras.layers.Layer):
    """The block of BERT: every token sees all, norms stand behind.

    `x <- norm(x + drop(attention(x)))`; `y = norm(x + drop(feed(x)))`

    Args:
        num_heads: int. It divides the features.
        hidden_dim: int. Width of the feed-forward part.
        activation: str. See `TransformerFeedForward`. Defaults to `"gelu"`.
        dropout: float. Share of attention weights, and of features at the
            end of each branch, dropped in training. Defaults to 0.
        epsilon: float, added to variances. Defaults to 1e-12.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens
            are there. Keras hands it down.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: on features that the heads do not divide.

    Example:

    >>> block = BidirectionalTransformerBlock(2, hidden_dim=32)
    >>> block(ops.ones((1, 5, 8))).shape
    TensorShape([1, 5, 8])

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805)
    """

    def __init__(
        self,
        num_heads,
        hidden_dim,
        activation="gelu",
        dropout=0.0,
        epsilon=1e-12,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.activation = activation
        self.dropout = dropout
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True
        self.attention_norm = self._norm("attention_norm")
        self.feed_forward_norm = self._norm("feed_forward_norm")
        self.feed_forward = TransformerFeedForward(
            hidden_dim,
            activation,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="feed_forward",
        )
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape):
        features = input_shape[-1]
        if features % self.num_heads:
            raise ValueError(
                "`num_heads` must divide the features. Received: "
                f"num_heads={self.num_heads}, features={features}"
            )
        self.attention = FlexibleAttention(
            self.num_heads,
            features // self.num_heads,
            dropout=self.dropout,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="attention",
        )
        for layer in (
            self.attention,
            self.attention_norm,
            self.feed_forward,
            self.feed_forward_norm,
        ):
            layer.build(input_shape)

    def call(self, inputs, mask=None, training=None):
        y = self.attention(inputs, mask=mask, training=training)
        x = self.attention_norm(inputs + self.drop(y, training=training))
        y = self.feed_forward(x)
        return self.feed_forward_norm(x + self.drop(y, training=training))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def compute_mask(self, inputs, mask=None):
        return mask

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "activation": self.activation,
            "dropout": self.dropout,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _norm(self, name):
        return keras.layers.LayerNormalization(
            epsilon=self.epsilon, dtype=self.dtype_policy, name=name
        )
