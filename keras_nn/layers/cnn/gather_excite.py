import keras
from keras import ops

from keras_nn.layers.cnn.depthwise_conv_batch_norm import DepthwiseConvBatchNorm


@keras.saving.register_keras_serializable(package="keras_nn")
class GatherExcite(keras.layers.Layer):
    """Weighs each channel of each place by what is around that place.

    `y = x * sigmoid(grow(W_2 relu(W_1 gather(x))))`, gathered over squares of
    `extent` times the stride, and grown back by repetition

    Args:
        extent: int. Distance of the places that are gathered, a power of 2;
            each is the mean of `2 extent - 1` pixels squared. 0 gathers the
            whole map into one. Defaults to 0.
        units: int or None. Width of the hidden layer; None weighs by what is
            gathered as it is. Defaults to None.
        learned: bool. Whether to gather by depthwise convolutions of 3x3 that
            halve the map until it is `1 / extent` of its size, or, for
            extent 0, by one as large as the map. Defaults to False.
        activation: str or callable. Of the hidden layer. Defaults to
            `"relu"`.
        gate: str or callable. Defaults to `"sigmoid"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`; with
            `learned` and extent 0, of a known size and square.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> layer = GatherExcite(extent=4, units=2)
    >>> tuple(layer(ops.ones((1, 8, 8, 16))).shape)
    (1, 8, 8, 16)

    Reference:
        [Hu et al., 2018](https://arxiv.org/abs/1810.12348)
    """

    def __init__(
        self,
        extent=0,
        units=None,
        learned=False,
        activation="relu",
        gate="sigmoid",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if extent not in (0, 2, 4, 8, 16, 32, 64):
            raise ValueError(
                f"`extent` must be 0 or a power of 2. Received: {extent=}"
            )
        if units is not None and units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.extent = extent
        self.units = units
        self.learned = learned
        self.activation = keras.activations.get(activation)
        self.gate = keras.activations.get(gate)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        _, height, width, channels = input_shape
        self.gathering = []
        shape = tuple(input_shape)
        if self.learned and self.extent == 0:
            if height is None or height != width:
                raise ValueError(
                    "A convolution as large as the map takes a square of "
                    f"known size. Received: {input_shape=}"
                )
            steps = [(height, 1, "valid")]
        elif self.learned:
            steps = [(3, 2, 1)] * (self.extent.bit_length() - 1)
        else:
            steps = []
        for index, (side, stride, padding) in enumerate(steps):
            last = index + 1 == len(steps)
            layer = DepthwiseConvBatchNorm(
                side,
                strides=stride,
                padding=padding,
                activation=None if last else self.activation,
                dtype=self.dtype_policy,
                name=f"gather_{index}",
            )
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
            self.gathering.append(layer)
        if self.units is not None:
            self.reduce = self._dense(self.units, self.activation, "reduce")
            self.reduce.build((None, channels))
            self.expand = self._dense(channels, None, "expand")
            self.expand.build((None, self.units))

    def call(self, inputs, training=None):
        height, width = ops.shape(inputs)[1:3]
        if self.learned:
            x = inputs
            for layer in self.gathering:
                x = layer(x, training=training)
        elif self.extent == 0:
            x = ops.mean(inputs, axis=(1, 2), keepdims=True)
        else:
            x = self._means(inputs)
        if self.units is not None:
            x = self.expand(self.reduce(x))
        x = self.gate(x)
        if self.extent:
            # The nearest of what was gathered.
            for axis, size in ((1, height), (2, width)):
                place = ops.arange(size) * ops.shape(x)[axis] // size
                x = ops.take(x, place, axis=axis)
        return inputs * x

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "extent": self.extent,
            "units": self.units,
            "learned": self.learned,
            "activation": keras.activations.serialize(self.activation),
            "gate": keras.activations.serialize(self.gate),
        }

    def _means(self, inputs):
        """Means of the pixels that there are, every `extent` pixels."""
        reach = self.extent - 1
        frame = [[0, 0], [reach, reach], [reach, reach], [0, 0]]
        given = 2 * reach + 1, self.extent, "valid"
        sums, counts = (
            ops.average_pool(
                ops.pad(x, frame), *given, data_format="channels_last"
            )
            for x in (inputs, ops.ones_like(inputs[:1, ..., :1]))
        )
        return sums / counts

    def _dense(self, units, activation, name):
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer="he_normal",
            dtype=self.dtype_policy,
            name=name,
        )
