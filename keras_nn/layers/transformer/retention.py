import keras
import numpy as np
from keras import ops

from keras_nn.ops.attention_positions import rotate_pairs
from keras_nn.ops.decayed_attention import decayed_attention


@keras.saving.register_keras_serializable(package="keras_nn")
class Retention(keras.layers.Layer):
    """Multi-scale retention: heads that forget at rates of their own.

    `y_h = norm(sum_(s <= t) g_h^(t - s) (q_t . k_s) v_s)`,
    `g_h = 1 - 2^(-5 - h)`, queries and keys turned by their places;
    `y = (silu(x G) * concat(y_h)) W`

    All steps at once in training, a recurrence where a state is handed over:
    the results are equal.

    Args:
        num_heads: int.
        key_dim: int. Features of a head; even.
        value_dim: int or None. Outputs of a head. Defaults to `2 * key_dim`.
        epsilon: float, added to variances. Defaults to 1e-6.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        state: float tensor of `empty_state` or of a call, or None.
        index: int scalar, may be a tensor: the place of the first token.

    Returns:
        A float tensor of the shape of `inputs`; with a state, that and the
        state behind the last token.

    Raises:
        ValueError: if a size is not positive, or `key_dim` is odd.

    Example:

    >>> Retention(2, 4)(ops.ones((2, 5, 6))).shape
    TensorShape([2, 5, 6])

    Reference:
        [Sun et al., 2023](https://arxiv.org/abs/2307.08621)
    """

    def __init__(
        self,
        num_heads,
        key_dim,
        value_dim=None,
        epsilon=1e-6,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if num_heads < 1 or key_dim < 1 or key_dim % 2:
            raise ValueError(
                "`num_heads` and `key_dim` must be positive, and `key_dim` "
                f"even. Received: {num_heads=}, {key_dim=}"
            )
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.value_dim = value_dim
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.outputs = value_dim or 2 * key_dim
        self.query = self._dense("query", num_heads * key_dim)
        self.key = self._dense("key", num_heads * key_dim)
        self.value = self._dense("value", num_heads * self.outputs)
        self.gate = self._dense("gate", num_heads * self.outputs, "silu")
        self.norm = keras.layers.LayerNormalization(
            epsilon=epsilon,
            center=False,
            scale=False,
            dtype=self.dtype_policy,
            name="norm",
        )

    def build(self, input_shape):
        for layer in (self.query, self.key, self.value, self.gate):
            layer.build(input_shape)
        self.norm.build((None, None, self.num_heads, self.outputs))
        self.out = self._dense("output", input_shape[-1])
        self.out.build((*input_shape[:-1], self.num_heads * self.outputs))

    def call(self, inputs, state=None, index=0):
        length = ops.shape(inputs)[1]
        places = index + ops.arange(length, dtype="int32")

        def heads(layer, size):
            # A long sum: half precision loses the last tokens.
            shape = (-1, length, self.num_heads, size)
            return ops.cast(ops.reshape(layer(inputs), shape), "float32")

        query = rotate_pairs(heads(self.query, self.key_dim), places)
        key = rotate_pairs(heads(self.key, self.key_dim), places)
        y = decayed_attention(
            query,
            key * self.key_dim**-0.5,
            heads(self.value, self.outputs),
            ops.convert_to_tensor(self.decay),
            state,
        )
        if state is not None:
            y, state = y
        y = ops.reshape(
            self.norm(y), (-1, length, self.num_heads * self.outputs)
        )
        y = self.out(self.gate(inputs) * ops.cast(y, self.compute_dtype))
        return y if state is None else (y, state)

    @property
    def decay(self):
        """What each head keeps from step to step: float32 `(heads,)`."""
        return 1 - 2.0 ** (-5 - np.arange(self.num_heads, dtype="float32"))

    def empty_state(self, batch):
        """The state before the first token: float32 zeros."""
        size = (batch, self.num_heads, self.key_dim, self.outputs)
        return ops.zeros(size, "float32")

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "value_dim": self.value_dim,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _dense(self, name, units, activation=None):
        return keras.layers.Dense(
            units,
            activation,
            use_bias=False,
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
