import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class StandardizedConv2D(keras.layers.Conv2D):
    """Convolution with kernels of mean 0 and variance 1.

    `y = conv(x, (w - mean(w)) / sqrt(var(w) + epsilon)) + bias`, statistics of
    each filter

    Args:
        filters: int. Output channels.
        kernel_size: int. Side of the kernel, in pixels.
        epsilon: float, added to variances. Defaults to 1e-6.
        **kwargs: the other arguments of `keras.layers.Conv2D`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Example:

    >>> layer = StandardizedConv2D(4, 3, padding="same")
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 8, 8, 4)

    Reference:
        [Qiao et al., 2019](https://arxiv.org/abs/1903.10520)
    """

    def __init__(self, filters, kernel_size, epsilon=1e-6, **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        self.epsilon = epsilon

    def convolution_op(self, inputs, kernel):
        kernel = ops.cast(kernel, "float32")
        mean, variance = ops.moments(kernel, axes=(0, 1, 2), keepdims=True)
        kernel = (kernel - mean) * ops.rsqrt(variance + self.epsilon)
        return super().convolution_op(inputs, ops.cast(kernel, inputs.dtype))

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
