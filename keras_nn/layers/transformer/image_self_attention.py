import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageSelfAttention(keras.layers.Layer):
    """Multi-head self-attention over the tokens of a picture.

    `y = concat_h(softmax(q_h k_h^T / sqrt(d) + bias) v_h) @ W + b`, with keys
    and values of the tokens themselves, or of a context.

    Queries, keys and values are dense layers of their own, named `query`,
    `key` and `value`; what follows the heads is `projection`.

    Args:
        num_heads: int. It divides the features.
        use_bias: bool. Of queries, keys and values. Defaults to True.
        dropout: float. Share of attention weights dropped in training.
            Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`.
        bias: float tensor to add to the scores, of shape
            `(windows, heads or 1, tokens, tokens)`, or None. `windows`
            divides the batch, whose examples it is repeated for in turn.
        context: float tensor of shape `(batch, keys, features)`, what is
            looked at, or None for the tokens themselves.
        training: bool. Whether to drop weights.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `num_heads` does not divide the features.

    Example:

    >>> tuple(ImageSelfAttention(2)(ops.ones((1, 9, 8))).shape)
    (1, 9, 8)

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)
    """

    def __init__(self, num_heads, use_bias=True, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.use_bias = use_bias
        self.dropout = dropout
        self.input_spec = keras.InputSpec(ndim=3)
        self.weight_dropout = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="weight_dropout"
        )

    def build(self, input_shape):
        features = input_shape[-1]
        if features % self.num_heads:
            raise ValueError(
                "`num_heads` must divide the features. Received: "
                f"num_heads={self.num_heads}, input_shape={input_shape}"
            )
        names = ("query", "key", "value", "projection")
        for name in names:
            layer = keras.layers.Dense(
                features,
                use_bias=self.use_bias or name == "projection",
                kernel_initializer=keras.initializers.TruncatedNormal(
                    stddev=0.02
                ),
                dtype=self.dtype_policy,
                name=name,
            )
            layer.build(input_shape)
            setattr(self, name, layer)
        self.weight_dropout.build(None)

    def call(self, inputs, bias=None, context=None, training=None):
        _, tokens, features = ops.shape(inputs)
        context = inputs if context is None else context
        keys = ops.shape(context)[1]
        heads = self.num_heads
        size = features // heads
        query = ops.reshape(self.query(inputs), (-1, tokens, heads, size))
        key, value = (
            ops.reshape(layer(context), (-1, keys, heads, size))
            for layer in (self.key, self.value)
        )
        query = ops.transpose(query, (0, 2, 1, 3)) * size**-0.5
        scores = ops.matmul(query, ops.transpose(key, (0, 2, 3, 1)))
        if bias is not None:
            scores = self._add(scores, bias, tokens)
        # The sum of a softmax needs more digits than half precision has.
        weights = ops.softmax(ops.cast(scores, "float32"))
        weights = ops.cast(weights, self.compute_dtype)
        weights = self.weight_dropout(weights, training=training)
        outputs = ops.matmul(weights, ops.transpose(value, (0, 2, 1, 3)))
        outputs = ops.transpose(outputs, (0, 2, 1, 3))
        return self.projection(ops.reshape(outputs, (-1, tokens, features)))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
        }

    def _add(self, scores, bias, tokens):
        bias = ops.cast(bias, scores.dtype)
        windows = bias.shape[0]
        if windows == 1:
            return scores + bias
        shape = (-1, self.num_heads, tokens, tokens)
        grouped = ops.reshape(scores, (-1, windows, *shape[1:]))
        return ops.reshape(grouped + bias, shape)
