import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ConstantPadding2D(keras.layers.Layer):
    """Frames pictures with a constant, such as the value of their background.

    `y[i, j] = x[i - padding, j - padding]` inside, `value` outside

    Args:
        padding: int. Rows and columns to add on each side, in pixels.
        value: float. What the frame holds. Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape
        `(batch, height + 2 * padding, width + 2 * padding, channels)`.

    Raises:
        ValueError: if `padding` is negative.

    Example:

    >>> tuple(ConstantPadding2D(2, value=-1.0)(ops.ones((1, 16, 16, 1))).shape)
    (1, 20, 20, 1)
    """

    def __init__(self, padding, value=0.0, **kwargs):
        super().__init__(**kwargs)
        if padding < 0:
            raise ValueError(
                f"`padding` must not be negative. Received: {padding=}"
            )
        self.padding = padding
        self.value = value
        self.input_spec = keras.InputSpec(ndim=4)

    def call(self, inputs):
        side = (self.padding, self.padding)
        return ops.pad(
            inputs, ((0, 0), side, side, (0, 0)), constant_values=self.value
        )

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (
            batch,
            None if height is None else height + 2 * self.padding,
            None if width is None else width + 2 * self.padding,
            channels,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "padding": self.padding,
            "value": self.value,
        }
