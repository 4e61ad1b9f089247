import keras
from keras import ops

from keras_nn.ops.decayed_attention import decayed_attention


@keras.saving.register_keras_serializable(package="keras_nn")
class LinearAttention(keras.layers.Layer):
    """Multi-head attention whose cost grows linearly with the length.

    `y_t = f(q_t) sum_s f(k_s) v_s^T / (f(q_t) . sum_s f(k_s))`,
    `f(x) = elu(x) + 1`; causal, the sums reach to `t` and are a recurrence

    Args:
        num_heads: int.
        key_dim: int. Features of a head.
        causal: bool. Whether a token sees none after itself. Defaults to
            True.
        use_bias: bool. Of all projections. Defaults to True.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens
            are there. Keras hands it down.
        state: float tensor of `empty_state` or of a call, or None: the sums
            over the tokens before.

    Returns:
        A float tensor of the shape of `inputs`; with a state, that and the
        state behind the last token.

    Raises:
        ValueError: if a size is not positive, or on a state without
            `causal`.

    Example:

    >>> LinearAttention(2, 4)(ops.ones((2, 5, 6))).shape
    TensorShape([2, 5, 6])

    Reference:
        [Katharopoulos et al., 2020](https://arxiv.org/abs/2006.16236)
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        causal=True,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if num_heads < 1 or key_dim < 1:
            raise ValueError(
                "`num_heads` and `key_dim` must be positive. Received: "
                f"{num_heads=}, {key_dim=}"
            )
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.causal = causal
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True
        width = num_heads * key_dim
        self.query = self._dense("query", width)
        self.key = self._dense("key", width)
        self.value = self._dense("value", width)

    def build(self, input_shape):
        for layer in (self.query, self.key, self.value):
            layer.build(input_shape)
        self.out = self._dense("output", input_shape[-1])
        self.out.build((*input_shape[:-1], self.num_heads * self.key_dim))

    def call(self, inputs, mask=None, state=None):
        if state is not None and not self.causal:
            raise ValueError(
                "A state holds what came before: it needs `causal=True`. "
                "Received: causal=False"
            )
        query, key, value = (
            self._heads(layer(inputs))
            for layer in (self.query, self.key, self.value)
        )
        query, key = ops.elu(query) + 1, ops.elu(key) + 1
        if mask is not None:
            key = key * ops.cast(mask, key.dtype)[..., None, None]
        # The sum of keys is a further output, of values that are ones.
        value = ops.concatenate([value, ops.ones_like(value[..., :1])], -1)
        if self.causal:
            decay = ops.ones((self.num_heads,), "float32")
            y = decayed_attention(query, key, value, decay, state)
            if state is not None:
                y, state = y
        else:
            sums = ops.einsum("bshd,bshe->bhde", key, value)
            y = ops.einsum("bthd,bhde->bthe", query, sums)
        y = y[..., :-1] / (y[..., -1:] + keras.config.epsilon())
        length = ops.shape(y)[1]
        y = ops.reshape(y, (-1, length, self.num_heads * self.key_dim))
        y = self.out(ops.cast(y, self.compute_dtype))
        return y if state is None else (y, state)

    def empty_state(self, batch):
        """The state before the first token: float32 zeros."""
        size = (batch, self.num_heads, self.key_dim, self.key_dim + 1)
        return ops.zeros(size, "float32")

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def compute_mask(self, inputs, mask=None):
        return mask

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "causal": self.causal,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _heads(self, x):
        # Sums over a whole text: half precision loses the last tokens.
        shape = (-1, ops.shape(x)[1], self.num_heads, self.key_dim)
        return ops.cast(ops.reshape(x, shape), "float32")

    def _dense(self, name, units):
        return keras.layers.Dense(
            units,
            use_bias=self.use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
