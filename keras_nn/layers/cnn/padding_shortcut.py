import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PaddingShortcut(keras.layers.Layer):
    """The shortcut without weights: skip pixels, append channels of zeros.

    `y[i, j, c] = x[strides * i, strides * j, c]`, zero for the new channels

    Args:
        filters: int. Channels of the output, at least those of the input.
        strides: int. Distance between the pixels kept. Defaults to 1.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, ceil(height / strides),
        ceil(width / strides), filters)`.

    Raises:
        ValueError: if `filters` is less than the channels of the input.

    Example:

    >>> tuple(PaddingShortcut(32, strides=2)(ops.ones((1, 8, 8, 16))).shape)
    (1, 4, 4, 32)

    Reference:
        [He et al., 2016](https://arxiv.org/abs/1512.03385), section 3.3,
        option A.
    """

    def __init__(self, filters, strides=1, **kwargs):
        super().__init__(**kwargs)
        if strides < 1:
            raise ValueError(
                f"`strides` must be positive. Received: {strides=}"
            )
        self.filters = filters
        self.strides = strides
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        if self.filters < input_shape[-1]:
            raise ValueError(
                "`filters` must be at least the channels of the input. "
                f"Received: filters={self.filters}, input_shape={input_shape}"
            )

    def call(self, inputs):
        kept = inputs[:, :: self.strides, :: self.strides, :]
        new_channels = self.filters - inputs.shape[-1]
        if new_channels == 0:
            return kept
        return ops.pad(kept, ((0, 0), (0, 0), (0, 0), (0, new_channels)))

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return (
            batch,
            None if height is None else -(-height // self.strides),
            None if width is None else -(-width // self.strides),
            self.filters,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "strides": self.strides,
        }
