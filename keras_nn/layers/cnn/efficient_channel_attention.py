import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class EfficientChannelAttention(keras.layers.Layer):
    """Weighs each channel by the means of its neighbours, with few weights.

    `y = x * sigmoid(conv(mean(x)))`, a convolution along the channels

    Args:
        kernel_size: int or None. How many neighbouring channels, odd. None
            takes the odd number at `log2(channels) / 2 + 1 / 2`, rounded up.
            Defaults to None.
        kernel_initializer: initializer. Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `kernel_size` is even or not positive.

    Example:

    >>> layer = EfficientChannelAttention()
    >>> tuple(layer(ops.ones((1, 8, 8, 64))).shape), layer.count_params()
    ((1, 8, 8, 64), 3)

    Reference:
        [Wang et al., 2020](https://arxiv.org/abs/1910.03151)
    """

    def __init__(
        self, kernel_size=None, kernel_initializer="glorot_uniform", **kwargs
    ):
        super().__init__(**kwargs)
        if kernel_size is not None and (kernel_size < 1 or not kernel_size % 2):
            raise ValueError(
                "`kernel_size` must be odd and positive, or None. "
                f"Received: {kernel_size=}"
            )
        self.kernel_size = kernel_size
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        size = self.kernel_size
        if size is None:
            size = int(abs(math.log2(input_shape[-1]) / 2 + 0.5))
            size += 1 - size % 2
        self.conv = keras.layers.Conv1D(
            1,
            size,
            padding="same",
            data_format="channels_last",
            use_bias=False,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="conv",
        )
        self.conv.build((input_shape[0], input_shape[-1], 1))

    def call(self, inputs):
        means = ops.mean(inputs, axis=(1, 2))[..., None]
        weights = ops.sigmoid(self.conv(means))[..., 0]
        return inputs * weights[:, None, None, :]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
