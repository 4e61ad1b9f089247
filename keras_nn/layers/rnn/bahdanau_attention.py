import keras
from keras import ops

from keras_nn.ops.grouped_attention import HIDDEN


@keras.saving.register_keras_serializable(package="keras_nn")
class BahdanauAttention(keras.layers.Layer):
    """Additive attention of one query, which can know what it looked at.

    `e_s = v . tanh(q W + m_s U + c_s w + b)`, `a = softmax(e)`,
    `y = sum_s a_s m_s`, where `c_s`, only with `coverage`, is the sum of the
    weights that place `s` was given so far

    Args:
        units: int. Features that query and memory are compared in.
        coverage: bool. Whether earlier weights count. Defaults to False.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        query: float tensor of shape `(batch, features)`.
        memory: float tensor of shape `(batch, places, features)`.
        mask: bool tensor of shape `(batch, places)` or None.
        covered: float tensor of that shape, with `coverage`: the sum of
            earlier weights.
        keys: what `project` gave for the memory, or None: worked out here.

    Returns:
        The context `y`, of shape `(batch, features)`, and the weights `a`, of
        shape `(batch, places)`.

    Raises:
        ValueError: if `units` is not positive, or earlier weights are missing
            or left over.

    Example:

    >>> layer = BahdanauAttention(8)
    >>> context, weights = layer(ops.ones((2, 3)), ops.ones((2, 5, 4)))
    >>> context.shape, weights.shape
    (TensorShape([2, 4]), TensorShape([2, 5]))

    Reference:
        [Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473);
        [See et al., 2017](https://arxiv.org/abs/1704.04368) (coverage)
    """

    def __init__(
        self,
        units,
        coverage=False,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.supports_masking = True
        self.coverage = coverage
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.query = self._dense("query", units)
        self.memory = self._dense("memory", units, use_bias=True)
        self.score = self._dense("score", 1)

    def build(self, query_shape, memory_shape):
        self.query.build(query_shape)
        self.memory.build(memory_shape)
        self.score.build((*memory_shape[:-1], self.units))
        if self.coverage:
            self.coverage_kernel = self.add_weight(
                name="coverage_kernel",
                shape=(self.units,),
                initializer="zeros",  # at first as without
            )

    def call(self, query, memory, mask=None, covered=None, keys=None):
        if (covered is not None) != self.coverage:
            raise ValueError(
                "Earlier weights come with `coverage`, which needs them. "
                f"Received: coverage={self.coverage}, {covered=}"
            )
        hidden = self.project(memory) if keys is None else keys
        hidden = hidden + self.query(query)[:, None]
        if self.coverage:
            hidden = hidden + covered[..., None] * self.coverage_kernel
        scores = self.score(ops.tanh(hidden))[..., 0]
        return weigh(scores, memory, mask)

    def project(self, memory):
        """The memory's share of the comparison, to be used for many queries."""
        return self.memory(memory)

    def compute_output_shape(self, query_shape, memory_shape):
        return (
            (query_shape[0], memory_shape[-1]),
            (query_shape[0], memory_shape[1]),
        )

    def compute_mask(self, query, mask=None):
        return None  # one query gives one context

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "coverage": self.coverage,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _dense(self, name, units, use_bias=False):
        return keras.layers.Dense(
            units,
            use_bias=use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )


def weigh(scores, memory, mask):
    """The mean of a memory by the softmax of scores, and its weights."""
    scores = ops.cast(scores, "float32")
    if mask is not None:
        scores = ops.where(ops.cast(mask, "bool"), scores, HIDDEN)
    weights = ops.cast(ops.softmax(scores), memory.dtype)
    return ops.matmul(weights[:, None], memory)[:, 0], weights
