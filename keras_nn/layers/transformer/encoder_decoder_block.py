import keras

from keras_nn.layers.transformer.causal_transformer_block import NORMALIZATIONS
from keras_nn.layers.transformer.causal_transformer_block import (
    normalization_layer,
)
from keras_nn.layers.transformer.flexible_attention import FlexibleAttention
from keras_nn.layers.transformer.transformer_feed_forward import (
    TransformerFeedForward,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class EncoderDecoderBlock(keras.layers.Layer):
    """A block of an encoder, or of a decoder that looks at a context.

    `x <- norm(x + drop(branch(x)))` for every branch, or, with `norm_first`,
    `x <- x + drop(branch(norm(x)))`; the branches are attention to itself,
    attention to the context (with `cross`), and feed-forward.

    With its defaults the encoder block of 2017; `causal=True, cross=True`
    is the decoder block. DeepNorm is `norm(a x + drop(branch(x)))` with the
    `residual_scale` `a` and the `branch_gain` that `ops.deep_norm` gives.

    Args:
        num_heads: int. Number of heads.
        hidden_dim: int. Width of the feed-forward part.
        causal: bool. Whether a token sees none after itself. Defaults to
            False.
        cross: bool. Whether there is attention to a context. Defaults to
            False.
        norm_first: bool. Where normalisation stands. Defaults to False.
        normalization: str. `"layer"` or `"rms"`. Defaults to `"layer"`.
        activation: str. See `TransformerFeedForward`. Defaults to `"relu"`.
        gated: bool. See there.
        use_bias: bool. Of projections and layer normalisation. Defaults to
            True.
        dropout: float. Share of features at the end of each branch dropped
            in training. Defaults to 0.
        attention_dropout: float. Share of attention weights dropped.
            Defaults to 0.
        key_dim: int or None. Features of a head. Defaults to the features
            divided by `num_heads`, which must divide them.
        epsilon: float, added to variances. Defaults to 1e-5.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        residual_scale: float. What `x` is multiplied by behind a branch.
            Defaults to 1.
        branch_gain: float. What kernels of values, of outputs of attention
            and of the feed-forward part are multiplied by at the start.
            Defaults to 1.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        context: float tensor of shape `(batch, keys, features)` or None.
        own_mask: bool tensor of shape `(batch, length)` or None: which
            tokens are there; with a cache `(batch, places)`: which places.
        context_mask: bool tensor of shape `(batch, keys)` or None.
        projected: the context as `project` gave it, or None.
        bias: float tensor `(heads, length, keys)` or None: added to the
            scores of the attention to itself.
        cache: see `FlexibleAttention`.
        cache_index: see there.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`; with a cache, that and the
        cache with the new tokens in it.

    Raises:
        ValueError: on features that the heads do not divide, an unknown
            normalisation, or a block with `cross` and no context.

    Example:

    >>> block = EncoderDecoderBlock(2, 32, causal=True, cross=True)
    >>> block(ops.ones((1, 5, 8)), context=ops.ones((1, 3, 8))).shape
    TensorShape([1, 5, 8])

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762);
        [Xiong et al., 2020](https://arxiv.org/abs/2002.04745) (norm first);
        [Wang et al., 2022](https://arxiv.org/abs/2203.00555) (DeepNorm)
    """

    def __init__(
        self,
        num_heads,
        hidden_dim,
        causal=False,
        cross=False,
        norm_first=False,
        normalization="layer",
        activation="relu",
        gated=False,
        use_bias=True,
        dropout=0.0,
        attention_dropout=0.0,
        key_dim=None,
        epsilon=1e-5,
        kernel_initializer="glorot_uniform",
        residual_scale=1.0,
        branch_gain=1.0,
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
        self.causal = causal
        self.cross = cross
        self.norm_first = norm_first
        self.normalization = normalization
        self.activation = activation
        self.gated = gated
        self.use_bias = use_bias
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.key_dim = key_dim
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.residual_scale = residual_scale
        self.branch_gain = branch_gain
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, inputs_shape, context_shape=None):
        features = inputs_shape[-1]
        if self.key_dim is None and features % self.num_heads:
            raise ValueError(
                "`num_heads` must divide the features. Received: "
                f"num_heads={self.num_heads}, features={features}"
            )
        common = {
            "use_bias": self.use_bias,
            "kernel_initializer": self.kernel_initializer,
            "dtype": self.dtype_policy,
        }
        attending = {
            "key_dim": self.key_dim or features // self.num_heads,
            "dropout": self.attention_dropout,
            **common,
        }
        shape = tuple(inputs_shape)
        self.attention = FlexibleAttention(
            self.num_heads, causal=self.causal, name="attention", **attending
        )
        self.attention.build(shape)
        self.attention_norm = self._norm("attention_norm", shape)
        if self.cross:
            self.cross_attention = FlexibleAttention(
                self.num_heads, name="cross_attention", **attending
            )
            self.cross_attention.build(shape, context_shape or shape)
            self.cross_norm = self._norm("cross_norm", shape)
        self.feed_forward = TransformerFeedForward(
            self.hidden_dim,
            self.activation,
            self.gated,
            name="feed_forward",
            **common,
        )
        self.feed_forward.build(shape)
        self.feed_forward_norm = self._norm("feed_forward_norm", shape)
        if self.branch_gain != 1:
            self._shrink()

    def call(
        self,
        inputs,
        context=None,
        own_mask=None,
        context_mask=None,
        projected=None,
        bias=None,
        cache=None,
        cache_index=None,
        training=None,
    ):
        if self.cross and context is None and projected is None:
            raise ValueError(
                "A block with `cross` needs a context. Received: "
                f"{context=}, {projected=}"
            )

        def look(x):
            nonlocal cache
            y = self.attention(
                x,
                context_mask=own_mask,
                cache=cache,
                cache_index=cache_index,
                bias=bias,
                training=training,
            )
            if cache is not None:
                y, cache = y
            return y

        def look_across(x):
            return self.cross_attention(
                x,
                context=context,
                context_mask=context_mask,
                projected=projected,
                training=training,
            )

        x = self._branch(inputs, look, self.attention_norm, training)
        if self.cross:
            x = self._branch(x, look_across, self.cross_norm, training)
        x = self._branch(x, self.feed_forward, self.feed_forward_norm, training)
        return x if cache is None else (x, cache)

    def project(self, context):
        """Keys and values of a context, to be used for many tokens."""
        return self.cross_attention.project(context)

    def compute_output_shape(self, inputs_shape, context_shape=None):
        return tuple(inputs_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "causal": self.causal,
            "cross": self.cross,
            "norm_first": self.norm_first,
            "normalization": self.normalization,
            "activation": self.activation,
            "gated": self.gated,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "attention_dropout": self.attention_dropout,
            "key_dim": self.key_dim,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
            "residual_scale": self.residual_scale,
            "branch_gain": self.branch_gain,
        }

    def _branch(self, x, branch, norm, training):
        if self.norm_first:
            y = self.drop(branch(norm(x)), training=training)
            return self.residual_scale * x + y
        y = self.drop(branch(x), training=training)
        return norm(self.residual_scale * x + y)

    def _shrink(self):
        attentions = [self.attention]
        if self.cross:
            attentions.append(self.cross_attention)
        dense = [d for a in attentions for d in (a.value, a.out)]
        feed = self.feed_forward
        dense += [feed.up, feed.down, *([feed.gate] if self.gated else [])]
        for layer in dense:
            layer.kernel.assign(self.branch_gain * layer.kernel)

    def _norm(self, name, shape):
        layer = normalization_layer(
            self.normalization,
            self.epsilon,
            self.use_bias,
            self.dtype_policy,
            name,
        )
        layer.build(shape)
        return layer
