import math

import keras
from keras import ops

from keras_nn.layers.gan.equalized_dense import EqualizedDense
from keras_nn.layers.gan.equalized_dense import check_equalized
from keras_nn.ops.fir_resampling import smoothed


@keras.saving.register_keras_serializable(package="keras_nn")
class ModulatedConv2D(keras.layers.Layer):
    """A convolution whose kernel each picture scales by its style.

    `w'_ijk = s_i w_ijk`, `w''_ijk = w'_ijk / sqrt(sum_ik w'_ijk^2 + 1e-8)`

    for input channel `i`, filter `j`, tap `k`, where `s` is an affine map of
    the style that begins at 1, and `w` is scaled as in `EqualizedDense`.
    Scaling the channels of input and output does the same with one kernel for
    all pictures.

    Args:
        filters: int. Output channels.
        kernel_size: int, odd. Side of the kernel, in pixels.
        demodulate: bool. Whether filters are normalised, the second equation.
            Defaults to True.
        double: bool. Whether the picture becomes twice as high and wide, by a
            transposed convolution and a smoothing. Defaults to False.
        use_bias: bool. Defaults to False.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: pair of float tensors: pictures `(batch, height, width,
            channels)`, styles `(batch, units)`.

    Returns:
        A tensor `(batch, height, width, filters)`, or of twice the size.

    Raises:
        ValueError: If `filters` is not positive, the kernel not odd, or of
            one pixel with `double`.

    Example:

    >>> layer = ModulatedConv2D(3, 3, double=True)
    >>> tuple(layer([ops.ones((2, 4, 4, 5)), ops.ones((2, 6))]).shape)
    (2, 8, 8, 3)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), section 2.2
    """

    def __init__(
        self,
        filters,
        kernel_size,
        demodulate=True,
        double=False,
        use_bias=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_equalized(None, filters=filters, kernel_size=kernel_size)
        if not kernel_size % 2 or (double and kernel_size != 3):
            raise ValueError(
                "`kernel_size` must be odd, and 3 with `double`. "
                f"Received: {kernel_size=}, {double=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.demodulate = demodulate
        self.double = double
        self.use_bias = use_bias

    def build(self, input_shape):
        pictures, styles = input_shape
        channels = pictures[-1]
        self.affine = EqualizedDense(
            channels,
            bias_initializer="ones",
            dtype=self.dtype_policy,
            name="affine",
        )
        self.affine.build(styles)
        size = (self.kernel_size, self.kernel_size)
        self.kernel = self.add_weight(
            (*size, channels, self.filters),
            keras.initializers.RandomNormal(stddev=1.0),
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, inputs):
        x, styles = inputs
        # In half precision the sum of squares is formed of float32.
        style = ops.cast(self.affine(styles), "float32")
        taps = math.prod(self.kernel.shape[:3])
        kernel = ops.cast(self.kernel, "float32") * (1 / math.sqrt(taps))
        x = x * ops.cast(style, x.dtype)[:, None, None, :]
        x = self._convolved(x, ops.cast(kernel, x.dtype))
        if self.demodulate:
            # (channels, filters)
            squares = ops.sum(ops.square(kernel), axis=(0, 1))
            norm = ops.rsqrt(ops.matmul(ops.square(style), squares) + 1e-8)
            x = x * ops.cast(norm, x.dtype)[:, None, None, :]
        return x + self.bias if self.use_bias else x

    def _convolved(self, x, kernel):
        if not self.double:
            return ops.conv(
                x, kernel, padding="same", data_format="channels_last"
            )
        x = ops.conv_transpose(
            x,
            ops.transpose(kernel, (0, 1, 3, 2)),
            strides=2,
            padding="valid",
            data_format="channels_last",
        )
        return smoothed(x, 1, 1, gain=4.0)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape[0]
        times = 2 if self.double else 1
        return (
            batch,
            *(s and times * s for s in (height, width)),
            self.filters,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "demodulate": self.demodulate,
            "double": self.double,
            "use_bias": self.use_bias,
        }
