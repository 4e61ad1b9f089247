import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MLDecoder(keras.layers.Layer):
    """A classifier of many labels whose queries look at the map's places.

    `q <- norm(2 q)`; `q <- norm(q + attention(q, m, m))`; `q <- norm(q +
    W_2 relu(W_1 q))`; with `m = relu(x @ W + b)`; query `g` scores `ceil(n /
    groups)` of the `n` labels by a dense layer of its own

    Queries are drawn once and not trained, as the paper has it. They need no
    attention of their own, so that the cost grows with their number only.

    Args:
        num_classes: int. Number of labels.
        num_groups: int. Queries; at most `num_classes`, where each has one
            label. Defaults to 100, or `num_classes` if that is less.
        hidden_dim: int. Width of queries. Defaults to 768.
        num_heads: int. It divides `hidden_dim`. Defaults to 8.
        feed_forward_dim: int. Defaults to 2048.
        dropout: float. Share dropped in training. Defaults to 0.1.
        activation: str, callable or None. Of the scores. Defaults to None.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)` or
            `(batch, tokens, channels)`.
        training: bool. Whether to drop.

    Returns:
        Scores, a float tensor of shape `(batch, num_classes)`.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> head = MLDecoder(7, num_groups=3, hidden_dim=16, num_heads=2)
    >>> tuple(head(ops.ones((2, 4, 4, 8))).shape)
    (2, 7)

    Reference:
        [Ridnik et al., 2021](https://arxiv.org/abs/2111.12933)
    """

    def __init__(
        self,
        num_classes,
        num_groups=None,
        hidden_dim=768,
        num_heads=8,
        feed_forward_dim=2048,
        dropout=0.1,
        activation=None,
        epsilon=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        groups = min(num_classes, num_groups or 100)
        if groups < 1 or num_groups is not None and groups < num_groups:
            raise ValueError(
                "`num_groups` must lie in 1..num_classes. "
                f"Received: {num_groups=}, {num_classes=}"
            )
        if hidden_dim % num_heads:
            raise ValueError(
                "`num_heads` must divide `hidden_dim`. "
                f"Received: {num_heads=}, {hidden_dim=}"
            )
        self.num_classes = num_classes
        self.num_groups = num_groups
        self.hidden_dim = hidden_dim
        self.num_heads = num_heads
        self.feed_forward_dim = feed_forward_dim
        self.dropout = dropout
        self.activation = keras.activations.get(activation)
        self.epsilon = epsilon
        self._groups = groups
        self._each = -(-num_classes // groups)  # labels of a query

    def build(self, input_shape):
        if len(input_shape) not in (3, 4):
            raise ValueError(
                "Inputs must be a map or tokens. "
                f"Received: input_shape={input_shape}"
            )
        dim, policy = self.hidden_dim, self.dtype_policy
        dense = keras.layers.Dense
        self.embed = dense(dim, "relu", dtype=policy, name="embed")
        self.embed.build((None, input_shape[-1]))
        self.queries = self.add_weight(
            (self._groups, dim),
            keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
            name="queries",
        )
        for name in ("norm_queries", "norm_attended", "norm_out"):
            layer = keras.layers.LayerNormalization(
                epsilon=self.epsilon, dtype=policy, name=name
            )
            layer.build((None, None, dim))
            setattr(self, name, layer)
        self.attention = keras.layers.MultiHeadAttention(
            self.num_heads,
            dim // self.num_heads,
            dropout=self.dropout,
            dtype=policy,
            name="attention",
        )
        tokens = (None, None, dim)
        self.attention.build(tokens, tokens, tokens)
        self.hidden = dense(
            self.feed_forward_dim, "relu", dtype=policy, name="hidden"
        )
        self.hidden.build(tokens)
        self.outer = dense(dim, dtype=policy, name="outer")
        self.outer.build((None, None, self.feed_forward_dim))
        self.drop = keras.layers.Dropout(
            self.dropout, dtype=policy, name="drop"
        )
        self.kernel = self.add_weight(
            (self._groups, dim, self._each), "glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight((self.num_classes,), "zeros", name="bias")

    def call(self, inputs, training=None):
        channels = inputs.shape[-1]
        if len(inputs.shape) == 4:
            _, height, width, _ = ops.shape(inputs)
            inputs = ops.reshape(inputs, (-1, height * width, channels))
        memory = self.embed(inputs)
        queries = ops.cast(self.queries, memory.dtype)[None]
        queries = ops.tile(queries, (ops.shape(memory)[0], 1, 1))
        x = queries + self.drop(queries, training=training)
        x = self.norm_queries(x)
        seen = self.attention(x, memory, memory, training=training)
        x = self.norm_attended(x + self.drop(seen, training=training))
        more = self.drop(self.hidden(x), training=training)
        more = self.drop(self.outer(more), training=training)
        x = self.norm_out(x + more)
        scores = ops.einsum("bgd,gdk->bgk", x, ops.cast(self.kernel, x.dtype))
        scores = ops.reshape(scores, (-1, self._groups * self._each))
        scores = scores[:, : self.num_classes]
        return self.activation(scores + ops.cast(self.bias, x.dtype))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "num_groups": self.num_groups,
            "hidden_dim": self.hidden_dim,
            "num_heads": self.num_heads,
            "feed_forward_dim": self.feed_forward_dim,
            "dropout": self.dropout,
            "activation": keras.activations.serialize(self.activation),
            "epsilon": self.epsilon,
        }
