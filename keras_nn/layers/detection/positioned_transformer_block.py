import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class PositionedTransformerBlock(keras.layers.Layer):
    """A transformer block whose attention is told places again, every time.

    `x <- norm(x + attend(x + p, x + p, x))`; then, looking across,
    `x <- norm(x + attend(x + p, c + q, c))`; then `x <- norm(x + W_2 relu(W_1
    x))`

    Places `p` and `q` go into queries and keys, not into values, so that
    where something is never mixes with what it is.

    Args:
        num_heads: int. Must divide the features.
        hidden_dim: int. Units of the hidden layer.
        cross: bool. Whether it looks at a context, too. Defaults to False.
        dropout: float. Share of attention weights, of hidden units and of
            each branch dropped in training. Defaults to 0.

    Call arguments:
        inputs: list of the features `x` `(batch, tokens, features)` and their
            places `p`, of the same shape or one to broadcast; with `cross`,
            also of the context `c` `(batch, keys, features)` and its places
            `q`.
        training: bool. Whether to drop.

    Returns:
        A float tensor `(batch, tokens, features)`.

    Raises:
        ValueError: if `num_heads` does not divide the features, or there are
            more or fewer inputs.

    Example:

    >>> from keras import ops
    >>> x = ops.ones((1, 5, 8))
    >>> block = PositionedTransformerBlock(2, 16)
    >>> tuple(block([x, ops.zeros((1, 5, 8))]).shape)
    (1, 5, 8)

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872), figure 10.
    """

    def __init__(
        self, num_heads, hidden_dim, cross=False, dropout=0.0, **kwargs
    ):
        super().__init__(**kwargs)
        if min(num_heads, hidden_dim) < 1:
            raise ValueError(
                "`num_heads` and `hidden_dim` must be positive. "
                f"Received: {num_heads=}, {hidden_dim=}"
            )
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.cross = cross
        self.dropout = dropout
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )
        self.hidden = keras.layers.Dense(
            hidden_dim,
            activation="relu",
            dtype=self.dtype_policy,
            name="hidden",
        )
        self.norms = [
            keras.layers.LayerNormalization(
                epsilon=1e-5, dtype=self.dtype_policy, name=f"norm_{index}"
            )
            for index in range(3 if cross else 2)
        ]

    def build(self, input_shape):
        shape = input_shape[0]
        if len(input_shape) != (4 if self.cross else 2):
            raise ValueError(
                "Features and their places are needed, with `cross` also "
                f"those of a context. Received: {len(input_shape)} inputs"
            )
        features = shape[-1]
        if features % self.num_heads:
            raise ValueError(
                "`num_heads` must divide the features. Received: "
                f"num_heads={self.num_heads}, features={features}"
            )
        self.attention = self._attention("attention", features)
        self.attention.build(shape, shape, shape)
        if self.cross:
            context = input_shape[2]
            self.cross_attention = self._attention("cross", features)
            self.cross_attention.build(shape, context, context)
        self.hidden.build(shape)
        self.out = keras.layers.Dense(
            features, dtype=self.dtype_policy, name="output"
        )
        self.out.build((*shape[:-1], self.hidden_dim))
        for norm in self.norms:
            norm.build(shape)

    def call(self, inputs, training=None):
        x, places = inputs[:2]
        placed = x + places
        seen = self.attention(placed, x, key=placed, training=training)
        x = self.norms[0](x + self.drop(seen, training=training))
        if self.cross:
            context, where = inputs[2:]
            seen = self.cross_attention(
                x + places, context, key=context + where, training=training
            )
            x = self.norms[1](x + self.drop(seen, training=training))
        hidden = self.drop(self.hidden(x), training=training)
        found = self.drop(self.out(hidden), training=training)
        return self.norms[-1](x + found)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "cross": self.cross,
            "dropout": self.dropout,
        }

    def _attention(self, name, features):
        return keras.layers.MultiHeadAttention(
            self.num_heads,
            features // self.num_heads,
            dropout=self.dropout,
            dtype=self.dtype_policy,
            name=name,
        )
