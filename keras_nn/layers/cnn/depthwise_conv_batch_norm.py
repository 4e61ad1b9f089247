import keras
from keras import ops

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm


@keras.saving.register_keras_serializable(package="keras_nn")
class DepthwiseConvBatchNorm(ConvBatchNorm):
    """Depthwise convolution, batch normalisation, activation as one.

    `y[c] = activation(gamma[c] * (conv(x[c]) - mean[c]) / sqrt(var[c] + eps)
    + beta[c])`

    It is to `keras.layers.DepthwiseConv2D` what `ConvBatchNorm` is to
    `Conv2D`, and holds that layer as `conv` and the normalisation as `norm`.

    Args:
        kernel_size: int. Side of the square kernel, in pixels.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: int, `"valid"` or `"same"`. An int is the number of zero rows
            and columns on each side. Defaults to `"same"`.
        activation: str or callable. Defaults to None (linear).
        use_bias: bool. A bias before the normalisation. Defaults to False.
        momentum: float. Share of the moving statistics that a step keeps.
            Defaults to 0.99.
        epsilon: float, added to the variance. Defaults to 1e-3.
        kernel_initializer: initializer. Defaults to `"he_normal"`.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        dilation_rate: int. Distance between the taps of the kernel, in
            pixels. Defaults to 1.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to normalise with the statistics of the batch.

    Returns:
        A float tensor of shape `(batch, height', width', channels)`.

    Example:

    >>> layer = DepthwiseConvBatchNorm(5, strides=2)
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 4, 4, 3)

    Reference:
        [Howard et al., 2017](https://arxiv.org/abs/1704.04861)
    """

    def __init__(
        self,
        kernel_size,
        strides=1,
        padding="same",
        activation=None,
        use_bias=False,
        momentum=0.99,
        epsilon=1e-3,
        kernel_initializer="he_normal",
        synchronized=False,
        dilation_rate=1,
        **kwargs,
    ):
        super().__init__(
            None,
            kernel_size,
            strides=strides,
            padding=padding,
            activation=activation,
            use_bias=use_bias,
            momentum=momentum,
            epsilon=epsilon,
            kernel_initializer=kernel_initializer,
            synchronized=synchronized,
            dilation_rate=dilation_rate,
            **kwargs,
        )

    def get_config(self):
        config = super().get_config()
        del config["filters"], config["groups"]
        return config

    def _make_conv(self):
        return keras.layers.DepthwiseConv2D(
            self.kernel_size,
            strides=self.strides,
            padding=self._conv_padding(),
            data_format="channels_last",
            dilation_rate=self.dilation_rate,
            use_bias=self.use_bias,
            depthwise_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="conv",
        )

    def _convolve(self, inputs, kernel):
        return ops.depthwise_conv(
            inputs,
            kernel,
            strides=self.strides,
            padding=self.conv.padding,
            data_format="channels_last",
            dilation_rate=self.dilation_rate,
        )

    def _convolve_in_training(self, inputs, kernel):
        return self._convolve(inputs, kernel)

    def _scaled(self, kernel, scale):
        return kernel * scale[:, None]
