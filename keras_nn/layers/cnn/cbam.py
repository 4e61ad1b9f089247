import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class CBAM(keras.layers.Layer):
    """Convolutional block attention: which channels first, then where.

    `x <- x * sigmoid(mlp(mean(x)) + mlp(max(x)))`, over height and width;
    `y = x * sigmoid(conv([mean(x), max(x)]))`, over channels

    Args:
        units: int. Width of the hidden layer of the channel attention, in the
            paper a sixteenth of the channels.
        kernel_size: int. Side of the kernel of the spatial attention, in
            pixels. Defaults to 7.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> tuple(CBAM(2)(ops.ones((1, 8, 8, 32))).shape)
    (1, 8, 8, 32)

    Reference:
        [Woo et al., 2018](https://arxiv.org/abs/1807.06521)
    """

    def __init__(self, units, kernel_size=7, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.kernel_size = kernel_size
        self.input_spec = keras.InputSpec(ndim=4)
        self.reduce = keras.layers.Dense(
            units, activation="relu", dtype=self.dtype_policy, name="reduce"
        )
        self.spatial = keras.layers.Conv2D(
            1,
            kernel_size,
            padding="same",
            activation="sigmoid",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="spatial",
        )

    def build(self, input_shape):
        batch, height, width, channels = input_shape
        self.expand = keras.layers.Dense(
            channels, dtype=self.dtype_policy, name="expand"
        )
        self.reduce.build((batch, channels))
        self.expand.build((batch, self.units))
        self.spatial.build((batch, height, width, 2))

    def call(self, inputs):
        scores = [
            self.expand(self.reduce(pool(inputs, axis=(1, 2))))
            for pool in (ops.mean, ops.max)
        ]
        x = inputs * ops.sigmoid(sum(scores))[:, None, None, :]
        maps = [pool(x, axis=-1, keepdims=True) for pool in (ops.mean, ops.max)]
        return x * self.spatial(ops.concatenate(maps, axis=-1))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_size": self.kernel_size,
        }
