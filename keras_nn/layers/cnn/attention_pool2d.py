import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class AttentionPool2D(keras.layers.Layer):
    """One vector for a map: what the mean of its places attends to.

    `z = [mean(x), x] + p`; `y = attention(q = z_0, z, z) @ W + b`

    Args:
        num_heads: int. It divides the channels.
        units: int or None. Width of the result; None keeps the channels.
        use_bias: bool. Of queries, keys and values. Defaults to True.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`, of
            a known size.

    Returns:
        A float tensor of shape `(batch, units)`.

    Raises:
        ValueError: if the size is not known, or `num_heads` does not divide
            the channels.

    Example:

    >>> tuple(AttentionPool2D(2, units=5)(ops.ones((1, 3, 4, 8))).shape)
    (1, 5)

    Reference:
        [Radford et al., 2021](https://arxiv.org/abs/2103.00020), CLIP,
        section 2.4
    """

    def __init__(self, num_heads, units=None, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        if num_heads < 1:
            raise ValueError(
                f"`num_heads` must be positive. Received: {num_heads=}"
            )
        self.num_heads = num_heads
        self.units = units
        self.use_bias = use_bias
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        _, height, width, channels = input_shape
        if None in (height, width) or channels % self.num_heads:
            raise ValueError(
                "The size must be known, and `num_heads` divide the channels. "
                f"Received: num_heads={self.num_heads}, {input_shape=}"
            )
        self.positions = self.add_weight(
            (1 + height * width, channels),
            keras.initializers.RandomNormal(stddev=channels**-0.5),
            name="positions",
        )
        for name in ("query", "key", "value"):
            self._dense(channels, channels, name, self.use_bias)
        self._dense(channels, self.units or channels, "projection", True)

    def call(self, inputs):
        _, height, width, channels = inputs.shape
        x = ops.reshape(inputs, (-1, height * width, channels))
        x = ops.concatenate([ops.mean(x, axis=1, keepdims=True), x], axis=1)
        x = x + ops.cast(self.positions, x.dtype)
        size = channels // self.num_heads
        query, key, value = (
            ops.reshape(layer(part), (-1, count, self.num_heads, size))
            for layer, part, count in (
                (self.query, x[:, :1], 1),
                (self.key, x, 1 + height * width),
                (self.value, x, 1 + height * width),
            )
        )
        scores = ops.einsum("bqhd,bkhd->bhqk", query * size**-0.5, key)
        # The sum of a softmax needs more digits than half precision has.
        shares = ops.softmax(ops.cast(scores, "float32"))
        shares = ops.cast(shares, x.dtype)
        outputs = ops.einsum("bhqk,bkhd->bqhd", shares, value)
        return self.projection(ops.reshape(outputs, (-1, channels)))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units or input_shape[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "units": self.units,
            "use_bias": self.use_bias,
        }

    def _dense(self, inputs, units, name, use_bias):
        layer = keras.layers.Dense(
            units, use_bias=use_bias, dtype=self.dtype_policy, name=name
        )
        layer.build((None, inputs))
        setattr(self, name, layer)
