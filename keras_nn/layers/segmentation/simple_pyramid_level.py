import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SimplePyramidLevel(keras.layers.Layer):
    """A map of another size, made of a single map: a level of ViTDet's pyramid.

    `y = norm(conv3x3(norm(conv1x1(resize(x)))))`

    where `resize` doubles by learnt 2x2 convolutions, which halve the
    channels, with a normalisation and GELU between two of them, or takes the
    highest of every square of `1 / factor` places. Normalisations are over
    channels.

    Args:
        filters: int. Channels of the result. Defaults to 256.
        factor: float. How many times as high and as wide the result is: a
            power of two, such as 4, 1 or 0.5. Defaults to 1.
        epsilon: float, added to variances. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, factor * height, factor * width,
        filters)`.

    Raises:
        ValueError: if `factor` is no power of two, `filters` is not positive,
            or there are too few channels to be halved so often.

    Example:

    >>> layer = SimplePyramidLevel(filters=3, factor=4)
    >>> tuple(layer(ops.ones((1, 2, 3, 8))).shape)
    (1, 8, 12, 3)

    Reference:
        [Li et al., 2022](https://arxiv.org/abs/2203.16527), section 3.
    """

    def __init__(self, filters=256, factor=1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        if filters < 1:
            raise ValueError(
                f"`filters` must be positive. Received: {filters=}"
            )
        if factor <= 0 or not math.log2(factor).is_integer():
            raise ValueError(
                "`factor` must be a power of two, such as 4, 1 or 0.5. "
                f"Received: {factor=}"
            )
        self.filters = filters
        self.factor = factor
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        doublings = max(int(math.log2(self.factor)), 0)
        if channels < 2**doublings:
            raise ValueError(
                f"A factor of {self.factor} halves the channels {doublings} "
                f"times. Received: input_shape={input_shape}"
            )
        self.doubles, self.between = [], []
        for index in range(doublings):
            if index:
                self.between.append(self._norm(channels, f"norm_{index}"))
            double = keras.layers.Conv2DTranspose(
                channels // 2,
                2,
                strides=2,
                data_format="channels_last",
                dtype=self.dtype_policy,
                name=f"double_{index}",
            )
            double.build((None, None, None, channels))
            self.doubles.append(double)
            channels //= 2
        self.mix = self._conv(channels, 1, "mix")
        self.mix_norm = self._norm(self.filters, "mix_norm")
        self.smooth = self._conv(self.filters, 3, "smooth")
        self.smooth_norm = self._norm(self.filters, "smooth_norm")

    def call(self, inputs):
        x = inputs
        for index, double in enumerate(self.doubles):
            if index:
                x = self.between[index - 1](x)
                x = ops.gelu(x, approximate=False)
            x = double(x)
        if self.factor < 1:
            side = round(1 / self.factor)
            x = ops.max_pool(x, side, side, data_format="channels_last")
        x = self.mix_norm(self.mix(x))
        return self.smooth_norm(self.smooth(x))

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape
        sides = [side and int(side * self.factor) for side in sides]
        return (batch, *sides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "factor": self.factor,
            "epsilon": self.epsilon,
        }

    def _conv(self, channels, kernel_size, name):
        layer = keras.layers.Conv2D(
            self.filters,
            kernel_size,
            padding="same",
            use_bias=False,
            data_format="channels_last",
            dtype=self.dtype_policy,
            name=name,
        )
        layer.build((None, None, None, channels))
        return layer

    def _norm(self, channels, name):
        layer = keras.layers.LayerNormalization(
            epsilon=self.epsilon, dtype=self.dtype_policy, name=name
        )
        layer.build((None, None, None, channels))
        return layer
