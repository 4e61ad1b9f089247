import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ReflectionPadding2D(keras.layers.Layer):
    """Continues a map beyond its margins as a mirror does.

    `y_i = x_{p - i}` for `i < p`: the outermost pixel is not repeated.

    Args:
        padding: int. Pixels on each of the four sides. Defaults to 1.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`, larger
            than the padding.

    Returns:
        A tensor of shape `(batch, height + 2 padding, width + 2 padding,
        channels)`.

    Raises:
        ValueError: if `padding` is negative.

    Example:

    >>> x = ops.reshape(ops.arange(3.0), (1, 1, 3, 1))
    >>> x = ops.repeat(x, 2, axis=1)
    >>> ReflectionPadding2D(1)(x)[0, 0, :, 0].numpy().tolist()
    [1.0, 0.0, 1.0, 2.0, 1.0]
    """

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        if padding < 0:
            raise ValueError(
                f"`padding` must not be negative. Received: {padding=}"
            )
        self.padding = padding
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        pass

    def call(self, inputs):
        sides = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), sides, sides, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        sides = [s and s + 2 * self.padding for s in (height, width)]
        return (batch, *sides, channels)

    def get_config(self):
        return {**super().get_config(), "padding": self.padding}
