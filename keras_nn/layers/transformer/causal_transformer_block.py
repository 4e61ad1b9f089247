import keras

from keras_nn.layers.transformer.flexible_attention import FlexibleAttention
from keras_nn.layers.transformer.transformer_feed_forward import (
    TransformerFeedForward,
)

NORMALIZATIONS = ("layer", "rms")


@keras.saving.register_keras_serializable(package="keras_nn")
class CausalTransformerBlock(keras.layers.Layer):
    """A decoder block that normalises before attention and before the rest.

    `x <- x + drop(attention(norm(x)))`; `y = x + drop(feed(norm(x)))`

    With its defaults the block of GPT-2; that of Llama is
    `normalization="rms", position="rotary", activation="silu", gated=True,
    use_bias=False`.

    Args:
        num_heads: int. It divides the features.
        hidden_dim: int. Width of the feed-forward part.
        num_key_value_heads: int or None. See `FlexibleAttention`.
        position: None, `"rotary"`, `"alibi"` or `"t5"`. See there.
        window: int or None. See there.
        normalization: str. `"layer"` or `"rms"`. Defaults to `"layer"`.
        activation: str. See `TransformerFeedForward`.
        gated: bool. See there.
        use_bias: bool. Of projections and layer normalisation. Defaults to
            True.
        dropout: float. Share of attention weights, and of features at the
            end of each branch, dropped in training. Defaults to 0.
        rotary_base: float. Defaults to 10000.
        epsilon: float, added to variances. Defaults to 1e-5.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        output_initializer: of the last projection of each branch. Defaults
            to `kernel_initializer`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens
            are there.
        context_mask: bool tensor of shape `(batch, places)` or None: which
            places of the cache are there.
        cache: see `FlexibleAttention`.
        cache_index: see there.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`; with a cache, that and the
        cache with the new tokens in it.

    Raises:
        ValueError: on features that the heads do not divide, or an unknown
            normalisation.

    Example:

    >>> CausalTransformerBlock(2, hidden_dim=32)(ops.ones((1, 5, 8))).shape
    TensorShape([1, 5, 8])

    Reference:
        [Radford et al., 2019](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf);
        [Touvron et al., 2023](https://arxiv.org/abs/2302.13971)
    """

    def __init__(
        self,
        num_heads,
        hidden_dim,
        num_key_value_heads=None,
        position=None,
        window=None,
        normalization="layer",
        activation="gelu_tanh",
        gated=False,
        use_bias=True,
        dropout=0.0,
        rotary_base=10_000.0,
        epsilon=1e-5,
        kernel_initializer="glorot_uniform",
        output_initializer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if normalization not in NORMALIZATIONS:
            raise ValueError(
                f"`normalization` must be one of {NORMALIZATIONS}. "
                f"Received: {normalization=}"
            )
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.num_key_value_heads = num_key_value_heads
        self.position = position
        self.window = window
        self.normalization = normalization
        self.activation = activation
        self.gated = gated
        self.use_bias = use_bias
        self.dropout = dropout
        self.rotary_base = rotary_base
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.output_initializer = keras.initializers.get(output_initializer)
        self.supports_masking = True
        self.norm_before = self._norm("norm_before")
        self.norm_after = self._norm("norm_after")
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
        common = {
            "use_bias": self.use_bias,
            "kernel_initializer": self.kernel_initializer,
            "output_initializer": self.output_initializer,
            "dtype": self.dtype_policy,
        }
        self.attention = FlexibleAttention(
            self.num_heads,
            features // self.num_heads,
            self.num_key_value_heads,
            position=self.position,
            causal=True,
            window=self.window,
            dropout=self.dropout,
            rotary_base=self.rotary_base,
            name="attention",
            **common,
        )
        self.feed_forward = TransformerFeedForward(
            self.hidden_dim,
            self.activation,
            self.gated,
            name="feed_forward",
            **common,
        )
        for layer in (
            self.norm_before,
            self.attention,
            self.norm_after,
            self.feed_forward,
        ):
            layer.build(input_shape)

    def call(
        self,
        inputs,
        mask=None,
        context_mask=None,
        cache=None,
        cache_index=None,
        training=None,
    ):
        y = self.attention(
            self.norm_before(inputs),
            mask=mask,
            context_mask=context_mask,
            cache=cache,
            cache_index=cache_index,
            training=training,
        )
        if cache is not None:
            y, cache = y
        x = inputs + self.drop(y, training=training)
        y = self.feed_forward(self.norm_after(x))
        x = x + self.drop(y, training=training)
        return x if cache is None else (x, cache)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def compute_mask(self, inputs, mask=None):
        return mask

    def get_config(self):
        serialize = keras.initializers.serialize
        output = self.output_initializer
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "num_key_value_heads": self.num_key_value_heads,
            "position": self.position,
            "window": self.window,
            "normalization": self.normalization,
            "activation": self.activation,
            "gated": self.gated,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "rotary_base": self.rotary_base,
            "epsilon": self.epsilon,
            "kernel_initializer": serialize(self.kernel_initializer),
            "output_initializer": output and serialize(output),
        }

    def _norm(self, name):
        return normalization_layer(
            self.normalization,
            self.epsilon,
            self.use_bias,
            self.dtype_policy,
            name,
        )


def normalization_layer(kind, epsilon, use_bias, dtype, name):
    """A layer normalisation, or one by the root mean square alone."""
    if kind == "rms":
        return keras.layers.RMSNormalization(
            epsilon=epsilon, dtype=dtype, name=name
        )
    return keras.layers.LayerNormalization(
        epsilon=epsilon, center=use_bias, dtype=dtype, name=name
    )
