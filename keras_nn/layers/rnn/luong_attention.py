import keras
from keras import ops

from keras_nn.ops.grouped_attention import HIDDEN

SCORES = ("dot", "general", "concat")


@keras.saving.register_keras_serializable(package="keras_nn")
class LuongAttention(keras.layers.Layer):
    """Global attention of decoder states to a memory, and what they become.

    `e_ts = h_t . m_s`, `h_t W . m_s` or `v . tanh(h_t W + m_s U)`;
    `a_t = softmax(e_t)`, `c_t = sum_s a_ts m_s`,
    `y_t = tanh([c_t, h_t] V)`

    All states look at once: the attention comes behind the recurrence.

    Args:
        units: int. Features of the output.
        score: `"dot"`, `"general"` or `"concat"`, as above. Defaults to
            `"general"`.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor `h` of shape `(batch, length, features)`.
        memory: float tensor `m` of shape `(batch, places, features)`.
        memory_mask: bool tensor of shape `(batch, places)` or None.
        return_weights: bool. Whether the weights are returned, too.

    Returns:
        A float tensor of shape `(batch, length, units)`; if asked for, that
        and the weights, of shape `(batch, length, places)`.

    Raises:
        ValueError: on an unknown score, or one that needs equal features.

    Example:

    >>> layer = LuongAttention(8)
    >>> layer(ops.ones((2, 3, 6)), ops.ones((2, 5, 4))).shape
    TensorShape([2, 3, 8])

    Reference:
        [Luong et al., 2015](https://arxiv.org/abs/1508.04025)
    """

    def __init__(
        self,
        units,
        score="general",
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        if score not in SCORES:
            raise ValueError(
                f"`score` must be one of {SCORES}. Received: {score=}"
            )
        self.units = units
        self.score = score
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True
        self.combine = self._dense("combine", units, "tanh")

    def build(self, inputs_shape, memory_shape):
        own, other = inputs_shape[-1], memory_shape[-1]
        if self.score == "dot" and own != other:
            raise ValueError(
                "The score 'dot' needs states and memory of equal features. "
                f"Received: {own} and {other}"
            )
        if self.score == "general":
            self.query = self._dense("query", other)
            self.query.build(inputs_shape)
        if self.score == "concat":
            self.query = self._dense("query", self.units)
            self.query.build(inputs_shape)
            self.key = self._dense("key", self.units)
            self.key.build(memory_shape)
            self.reduce = self._dense("reduce", 1)
            self.reduce.build((None, self.units))
        self.combine.build((*inputs_shape[:-1], own + other))

    def call(self, inputs, memory, memory_mask=None, return_weights=False):
        if self.score == "concat":
            query, key = self.query(inputs), self.key(memory)
            hidden = ops.tanh(query[:, :, None] + key[:, None])
            scores = self.reduce(hidden)[..., 0]
        else:
            query = inputs if self.score == "dot" else self.query(inputs)
            scores = ops.einsum("btf,bsf->bts", query, memory)
        scores = ops.cast(scores, "float32")
        if memory_mask is not None:
            there = ops.cast(memory_mask, "bool")[:, None]
            scores = ops.where(there, scores, HIDDEN)
        weights = ops.cast(ops.softmax(scores), memory.dtype)
        context = ops.einsum("bts,bsf->btf", weights, memory)
        y = self.combine(ops.concatenate([context, inputs], axis=-1))
        return (y, weights) if return_weights else y

    def compute_output_shape(self, inputs_shape, memory_shape):
        return (*inputs_shape[:-1], self.units)

    def compute_mask(self, inputs, mask=None):
        return mask

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "score": self.score,
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
