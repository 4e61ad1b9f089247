import math

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class BlurPool2D(keras.layers.Layer):
    """Blurs before it skips pixels, so that a small shift changes little.

    `y[i, j] = sum(b[k] * b[l] * x[strides * i + k, strides * j + l])` with the
    binomial coefficients `b`, scaled to the sum 1, around each pixel kept;
    the frame mirrors the picture.

    Args:
        size: int. How many binomial coefficients. Defaults to 3: 1, 2, 1.
        strides: int. Distance between the pixels kept. Defaults to 2.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`,
            height and width more than `size // 2`.

    Returns:
        A float tensor of shape `(batch, ceil(height / strides),
        ceil(width / strides), channels)`.

    Raises:
        ValueError: if `size` or `strides` is not positive.

    Example:

    >>> tuple(BlurPool2D()(ops.ones((1, 8, 8, 4))).shape)
    (1, 4, 4, 4)

    Reference:
        [Zhang, 2019](https://arxiv.org/abs/1904.11486)
    """

    def __init__(self, size=3, strides=2, **kwargs):
        super().__init__(**kwargs)
        if size < 1 or strides < 1:
            raise ValueError(
                "`size` and `strides` must be positive. "
                f"Received: {size=}, {strides=}"
            )
        self.size = size
        self.strides = strides
        self.input_spec = keras.InputSpec(ndim=4)

    def call(self, inputs):
        size, channels = self.size, inputs.shape[-1]
        row = np.array([math.comb(size - 1, k) for k in range(size)])
        square = np.outer(row, row) / 4.0 ** (size - 1)
        kernel = np.tile(square[:, :, None, None], (1, 1, channels, 1))
        if size > 1:
            side = ((size - 1) // 2, size // 2)
            frame = ((0, 0), side, side, (0, 0))
            inputs = ops.pad(inputs, frame, mode="reflect")
        return ops.depthwise_conv(
            inputs,
            ops.cast(kernel, inputs.dtype),
            strides=self.strides,
            padding="valid",
            data_format="channels_last",
        )

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (
            batch,
            None if height is None else -(-height // self.strides),
            None if width is None else -(-width // self.strides),
            channels,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "strides": self.strides,
        }
