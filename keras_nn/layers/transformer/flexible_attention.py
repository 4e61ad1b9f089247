import functools

import keras
from keras import ops

from keras_nn.layers.transformer.joint_projection import joint_projection
from keras_nn.ops.attention_positions import alibi_slopes
from keras_nn.ops.attention_positions import relative_buckets
from keras_nn.ops.attention_positions import rotate_pairs
from keras_nn.ops.attention_positions import visible_keys
from keras_nn.ops.grouped_attention import banded_attention
from keras_nn.ops.grouped_attention import grouped_attention
from keras_nn.ops.grouped_attention import heads_first

POSITIONS = (None, "rotary", "alibi", "t5")


@keras.saving.register_keras_serializable(package="keras_nn")
class FlexibleAttention(keras.layers.Layer):
    """Multi-head attention whose usual variants are arguments.

    `head_h = softmax(q_h k_g(h)^T / sqrt(key_dim) + bias_h) v_g(h)`,
    `y = concat(heads) @ W + b`

    Without the extras it is `keras.layers.MultiHeadAttention`.

    Args:
        num_heads: int. Number of query heads.
        key_dim: int. Features of a head.
        num_key_value_heads: int or None. Heads of keys and values, each
            shared by a group of query heads; 1 is multi-query attention.
            Defaults to `num_heads`.
        position: None; `"rotary"`, which turns queries and keys; `"alibi"`,
            a penalty that grows with the distance; `"t5"`, a learnt bias for
            buckets of distance. Defaults to None.
        causal: bool. Whether a token sees none after itself. Defaults to
            False.
        window: int or None. A token sees keys less than so many tokens away,
            itself included. Defaults to None, all. Where neither a cache nor
            a `bias` comes with the call, scores are worked out in bands
            alone: time and memory grow linearly with the length.
        num_sinks: int. First tokens that all later ones see, however far,
            beside the `window`; then without bands. Defaults to 0.
        use_bias: bool. Of all four projections. Defaults to True.
        dropout: float. Share of attention weights dropped in training.
            Defaults to 0.
        rotary_base: float. Of `"rotary"`. Defaults to 10000.
        num_buckets: int. Of `"t5"`. Defaults to 32.
        max_distance: int. Of `"t5"`, in tokens. Defaults to 128.
        kernel_initializer: of the projections. Defaults to
            `"glorot_uniform"`.
        output_initializer: of the output projection. Defaults to
            `kernel_initializer`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        context: float tensor of shape `(batch, keys, features)` or None:
            where keys and values come from, in place of `inputs`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens of
            `inputs` are there. Keras hands it down.
        context_mask: bool tensor of shape `(batch, keys)` or None: likewise
            for `context`, or for the places of the cache.
        cache: list of two float tensors of shape `(batch, key-value heads,
            places, key_dim)`, or None: keys and values of the tokens before.
        cache_index: int scalar, may be a tensor: the place of the first
            token of `inputs` in the cache.
        projected: list of two float tensors of those shapes or None: keys
            and values of a context, as `project` gave them, in its place.
        bias: float tensor of shape `(heads, length, keys)` or None: added to
            the scores.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`; with a cache, that and the
        cache with the new tokens in it.

    Raises:
        ValueError: on arguments that contradict each other.

    Example:

    >>> layer = FlexibleAttention(4, 8, num_key_value_heads=1, causal=True)
    >>> layer(ops.ones((2, 5, 16))).shape
    TensorShape([2, 5, 16])

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762);
        [Shazeer, 2019](https://arxiv.org/abs/1911.02150);
        [Ainslie et al., 2023](https://arxiv.org/abs/2305.13245);
        [Beltagy et al., 2020](https://arxiv.org/abs/2004.05150) (window);
        [Xiao et al., 2023](https://arxiv.org/abs/2309.17453) (sinks)
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        num_key_value_heads=None,
        position=None,
        causal=False,
        window=None,
        use_bias=True,
        dropout=0.0,
        rotary_base=10_000.0,
        num_buckets=32,
        max_distance=128,
        kernel_initializer="glorot_uniform",
        output_initializer=None,
        num_sinks=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        groups = num_key_value_heads or num_heads
        if num_heads < 1 or num_heads % groups:
            raise ValueError(
                "`num_key_value_heads` must divide `num_heads`. Received: "
                f"{num_heads=}, {num_key_value_heads=}"
            )
        if position not in POSITIONS:
            raise ValueError(
                f"`position` must be one of {POSITIONS}. Received: {position=}"
            )
        if position == "rotary" and key_dim % 2:
            raise ValueError(
                "Rotary positions turn pairs: `key_dim` must be even. "
                f"Received: {key_dim=}"
            )
        if window is not None and window < 1:
            raise ValueError(f"`window` must be positive. Received: {window=}")
        if num_sinks < 0 or (num_sinks and window is None):
            raise ValueError(
                "`num_sinks` must not be negative, and stands beside a "
                f"`window`. Received: {num_sinks=}, {window=}"
            )
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.num_key_value_heads = num_key_value_heads
        self.position = position
        self.causal = causal
        self.window = window
        self.num_sinks = num_sinks
        self.use_bias = use_bias
        self.dropout = dropout
        self.rotary_base = rotary_base
        self.num_buckets = num_buckets
        self.max_distance = max_distance
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.output_initializer = keras.initializers.get(output_initializer)
        self.supports_masking = True
        self.groups = groups
        self.query = self._dense("query", num_heads * key_dim)
        self.key = self._dense("key", groups * key_dim)
        self.value = self._dense("value", groups * key_dim)
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, inputs_shape, context_shape=None):
        source = inputs_shape if context_shape is None else context_shape
        self.query.build(inputs_shape)
        self.key.build(source)
        self.value.build(source)
        self.out = self._dense(
            "output",
            inputs_shape[-1],
            self.output_initializer or self.kernel_initializer,
        )
        self.out.build((*inputs_shape[:-1], self.num_heads * self.key_dim))
        if self.position == "t5":
            self.relative_bias = self.add_weight(
                name="relative_bias",
                shape=(self.num_buckets, self.num_heads),
                initializer="zeros",
            )

    def call(
        self,
        inputs,
        context=None,
        mask=None,
        context_mask=None,
        cache=None,
        cache_index=None,
        projected=None,
        bias=None,
        training=None,
    ):
        self._check(context, cache, cache_index)
        source = inputs if context is None else context
        own = context is None and cache is None and projected is None
        if own:  # with a cache, each token would join the kernels anew
            query, key, value = joint_projection(
                inputs, [self.query, self.key, self.value]
            )
            key, value = (self._heads(x, self.groups) for x in (key, value))
        else:
            query = self.query(inputs)
            if projected is None:
                key, value = self._keys_and_values(source)
        query = self._heads(query, self.num_heads)

        start = 0 if cache is None else cache_index
        places = start + ops.arange(ops.shape(query)[1], dtype="int32")
        if self.position == "rotary":
            query = rotate_pairs(query, places, self.rotary_base)
            key = rotate_pairs(key, places, self.rotary_base)
        if own and context_mask is None:
            context_mask = mask

        drop = functools.partial(self.drop, training=training)
        if own and self._narrow(inputs.shape[1]) and bias is None:
            y = banded_attention(
                query,
                key,
                value,
                self.window,
                self.causal,
                context_mask,
                self._bias,
                drop,
            )
            return self.out(y)
        if projected is None:
            key, value = heads_first(key), heads_first(value)
        else:
            key, value = projected
        if cache is not None:
            cache = [
                ops.slice_update(one, (0, 0, start, 0), new)
                for one, new in zip(cache, (key, value), strict=True)
            ]
            key, value = cache
        keys = ops.arange(ops.shape(key)[2], dtype="int32")[None]
        relative = keys - places[:, None]
        visible = visible_keys(relative, self.causal, self.window)
        if self.num_sinks:
            visible = visible | self._sinks(relative, context_mask)
        added = [b for b in (self._bias(relative), bias) if b is not None]
        y = grouped_attention(
            query, key, value, visible, context_mask, added, drop
        )
        y = self.out(y)
        return y if cache is None else (y, cache)

    def compute_output_shape(self, inputs_shape, context_shape=None):
        return tuple(inputs_shape)

    def compute_mask(self, inputs, mask=None):
        return mask

    def get_config(self):
        serialize = keras.initializers.serialize
        output = self.output_initializer
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "num_key_value_heads": self.num_key_value_heads,
            "position": self.position,
            "causal": self.causal,
            "window": self.window,
            "num_sinks": self.num_sinks,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "rotary_base": self.rotary_base,
            "num_buckets": self.num_buckets,
            "max_distance": self.max_distance,
            "kernel_initializer": serialize(self.kernel_initializer),
            "output_initializer": output and serialize(output),
        }

    def project(self, context):
        """Keys and values of a context, for `projected`, of a cache's shape.

        Args:
            context: float tensor of shape `(batch, keys, features)`.
        """
        return [heads_first(x) for x in self._keys_and_values(context)]

    def empty_cache(self, batch, places):
        """A cache of so many places, none of which is in use."""
        shape = (batch, self.groups, places, self.key_dim)
        return [ops.zeros(shape, dtype=self.compute_dtype) for _ in range(2)]

    def _narrow(self, length):
        """Whether bands are less than all scores."""
        return (
            self.window is not None
            and not self.num_sinks
            and (length is None or length > 2 * self.window)
        )

    def _sinks(self, relative, mask):
        """Which scores are of first tokens: bool `(..., queries, keys)`."""
        place = ops.arange(ops.shape(relative)[1], dtype="int32")[None]
        if mask is not None:  # counted from the first token that is there
            place = ops.cumsum(ops.cast(mask, "int32"), axis=1) - 1
        first = (place < self.num_sinks)[:, None, None, None]
        before = visible_keys(relative, self.causal, None)
        return first if before is None else first & before

    def _bias(self, relative):
        """What is added to scores: float32 `(heads, queries, keys)`."""
        if self.position == "alibi":
            slopes = ops.array(alibi_slopes(self.num_heads), "float32")
            return -slopes[:, None, None] * ops.cast(
                ops.abs(relative), "float32"
            )
        if self.position == "t5":
            buckets = relative_buckets(
                relative, not self.causal, self.num_buckets, self.max_distance
            )
            bias = ops.take(self.relative_bias, buckets, axis=0)
            return ops.cast(ops.transpose(bias, (2, 0, 1)), "float32")
        return None

    def _check(self, context, cache, cache_index):
        if context is not None and (self.causal or self.position):
            raise ValueError(
                "Places in `context` are no places in `inputs`: cross "
                "attention takes neither `causal` nor `position`. Received: "
                f"causal={self.causal}, position={self.position!r}"
            )
        if cache is not None and (not self.causal or context is not None):
            raise ValueError(
                "A cache holds what came before: it needs `causal=True` and "
                f"no context. Received: causal={self.causal}"
            )
        if (cache is None) != (cache_index is None):
            raise ValueError(
                "`cache` and `cache_index` come together. Received: "
                f"{cache_index=}"
            )

    def _keys_and_values(self, source):
        return [
            self._heads(layer(source), self.groups)
            for layer in (self.key, self.value)
        ]

    def _heads(self, x, count):
        return ops.reshape(x, (-1, ops.shape(x)[1], count, self.key_dim))

    def _dense(self, name, units, initializer=None):
        initializer = initializer or self.kernel_initializer
        return keras.layers.Dense(
            units,
            use_bias=self.use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
