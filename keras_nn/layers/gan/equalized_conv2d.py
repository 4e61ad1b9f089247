import math

import keras
from keras import ops

from keras_nn.layers.gan.equalized_dense import activated
from keras_nn.layers.gan.equalized_dense import check_equalized
from keras_nn.ops.fir_resampling import smoothed


@keras.saving.register_keras_serializable(package="keras_nn")
class EqualizedConv2D(keras.layers.Layer):
    """A convolution that scales its kernel when it is used.

    `y = activation(conv(x, W / sqrt(taps * channels)) + b)`

    see `EqualizedDense`. With `halve` the picture is smoothed and every
    second pixel is left out.

    Args:
        filters: int. Output channels.
        kernel_size: int, odd. Side of the kernel, in pixels.
        activation: str or None. As in `EqualizedDense`. Defaults to None.
        halve: bool. Defaults to False.
        use_bias: bool. Defaults to True.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A tensor `(batch, height, width, filters)`, or of half the size.

    Raises:
        ValueError: On an argument outside of the above.

    Example:

    >>> layer = EqualizedConv2D(3, 3, halve=True)
    >>> tuple(layer(ops.ones((2, 8, 8, 1))).shape)
    (2, 4, 4, 3)

    Reference:
        [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 4.1
    """

    def __init__(
        self,
        filters,
        kernel_size,
        activation=None,
        halve=False,
        use_bias=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_equalized(activation, filters=filters, kernel_size=kernel_size)
        if not kernel_size % 2:
            raise ValueError(
                f"`kernel_size` must be odd. Received: {kernel_size=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.activation = activation
        self.halve = halve
        self.use_bias = use_bias
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        size = (self.kernel_size, self.kernel_size)
        self.kernel = self.add_weight(
            (*size, input_shape[-1], self.filters),
            keras.initializers.RandomNormal(stddev=1.0),
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, inputs):
        kernel = self.kernel * (1 / math.sqrt(math.prod(self.kernel.shape[:3])))
        margin, strides = self.kernel_size // 2, 1
        if self.halve:
            inputs = smoothed(inputs, margin + 1, margin + 1)
            margin, strides = 0, 2
        x = ops.conv(
            inputs,
            kernel,
            strides=strides,
            padding="same" if margin else "valid",
            data_format="channels_last",
        )
        return activated(x + self.bias if self.use_bias else x, self.activation)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        sides = [s and s // (2 if self.halve else 1) for s in (height, width)]
        return (batch, *sides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "activation": self.activation,
            "halve": self.halve,
            "use_bias": self.use_bias,
        }
