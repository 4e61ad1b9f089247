import keras
from keras import ops

from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization


@keras.saving.register_keras_serializable(package="keras_nn")
class NonLocal2D(keras.layers.Layer):
    """Every place of a map sees every other: self-attention with a shortcut.

    `y = x + norm(softmax(s theta(x) phi(x)^T) g(x) W + b)`

    Args:
        units: int. Width of queries `theta`, keys `phi` and values `g`, as a
            rule half the channels.
        scale: `"channels"` or None. Whether `s` is the root of the number of
            channels, inverted, or 1. Defaults to `"channels"`.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to normalise with statistics of the batch.

    Returns:
        A float tensor of the shape of `inputs`. An untrained layer returns
        its inputs: the gain of the normalisation begins with 0.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> x = ops.ones((1, 4, 4, 6))
    >>> bool(ops.all(NonLocal2D(3)(x) == x))
    True

    Reference:
        [Wang et al., 2018](https://arxiv.org/abs/1711.07971)
    """

    def __init__(self, units, scale="channels", epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        if scale not in ("channels", None):
            raise ValueError(
                f"`scale` must be 'channels' or None. Received: {scale=}"
            )
        self.units = units
        self.scale = scale
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        for name, into, out in (
            ("query", channels, self.units),
            ("key", channels, self.units),
            ("value", channels, self.units),
            ("projection", self.units, channels),
        ):
            layer = keras.layers.Dense(out, dtype=self.dtype_policy, name=name)
            layer.build((None, into))
            setattr(self, name, layer)
        self.norm = FastBatchNormalization(
            epsilon=self.epsilon,
            gamma_initializer="zeros",
            dtype=self.dtype_policy,
            name="norm",
        )
        self.norm.build(input_shape)

    def call(self, inputs, training=None):
        _, height, width, channels = ops.shape(inputs)
        x = ops.reshape(inputs, (-1, height * width, channels))
        query = self.query(x)
        if self.scale is not None:
            query = query * channels**-0.5
        scores = ops.matmul(query, ops.transpose(self.key(x), (0, 2, 1)))
        # The sum of a softmax needs more digits than half precision has.
        shares = ops.softmax(ops.cast(scores, "float32"))
        shares = ops.cast(shares, inputs.dtype)
        x = self.projection(ops.matmul(shares, self.value(x)))
        x = ops.reshape(x, (-1, height, width, channels))
        return inputs + self.norm(x, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "scale": self.scale,
            "epsilon": self.epsilon,
        }
