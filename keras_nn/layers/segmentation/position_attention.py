import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PositionAttention(keras.layers.Layer):
    """Lets every place of a map look at every other one.

    `y = conv3x3(x + softmax(Q K^T) V)`, `Q = conv1x1(x)`, `K = conv1x1(x)`,
    `V = conv3x3(x)`

    over all places, so that memory grows with the square of their number.

    Args:
        units: int. Features in which places are compared. Defaults to 64.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> tuple(PositionAttention(2)(ops.ones((1, 4, 3, 8))).shape)
    (1, 4, 3, 8)

    Reference:
        [Fan et al., 2020](https://doi.org/10.1109/ACCESS.2020.3025372),
        position-wise attention block;
        [Fu et al., 2019](https://arxiv.org/abs/1809.02983), equation 1.
    """

    def __init__(self, units=64, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.input_spec = keras.InputSpec(ndim=4)
        self.query = self._conv(units, 1, "query")
        self.key = self._conv(units, 1, "key")

    def build(self, input_shape):
        channels = input_shape[-1]
        self.value = self._conv(channels, 3, "value")
        self.mix = self._conv(channels, 3, "mix")
        for layer in (self.query, self.key, self.value, self.mix):
            layer.build(input_shape)

    def call(self, inputs):
        query, key, value = (
            ops.reshape(
                layer(inputs), (-1, places(inputs), layer.filters)
            )  # (batch, places, features)
            for layer in (self.query, self.key, self.value)
        )
        scores = ops.matmul(query, ops.transpose(key, (0, 2, 1)))
        seen = ops.matmul(ops.softmax(scores, axis=-1), value)
        return self.mix(inputs + ops.reshape(seen, ops.shape(inputs)))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "units": self.units}

    def _conv(self, filters, size, name):
        return keras.layers.Conv2D(
            filters,
            size,
            padding="same",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name=name,
        )


def places(x):
    """The number of places of a map."""
    height, width = ops.shape(x)[1:3]
    return height * width
