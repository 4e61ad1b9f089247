import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PixelShuffle2D(keras.layers.Layer):
    """Lays channels out as the pixels of a larger map.

    `y_{f i + p, f j + q, c} = x_{i, j, (f p + q) C + c}`

    The sub-pixel convolution is a convolution to `factor ** 2 C` channels and
    this layer. (PyTorch's `PixelShuffle` orders its channels `c f^2 + f p +
    q`.)

    Args:
        factor: int. How many times as high and as wide. Defaults to 2.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, factor ** 2 C)`.

    Returns:
        A tensor of shape `(batch, factor * height, factor * width, C)`.

    Raises:
        ValueError: if `factor` is not positive, or does not divide the
            channels.

    Example:

    >>> x = ops.reshape(ops.arange(4.0), (1, 1, 1, 4))
    >>> PixelShuffle2D(2)(x)[0, :, :, 0].numpy().tolist()
    [[0.0, 1.0], [2.0, 3.0]]

    Reference:
        [Shi et al., 2016](https://arxiv.org/abs/1609.05158)
    """

    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        if factor < 1:
            raise ValueError(f"`factor` must be positive. Received: {factor=}")
        self.factor = factor
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        if input_shape[-1] % self.factor**2:
            raise ValueError(
                f"The channels must be a multiple of {self.factor**2}. "
                f"Received: input_shape={tuple(input_shape)}"
            )

    def call(self, inputs):
        if self.factor == 1:
            return inputs
        return ops.depth_to_space(
            inputs, self.factor, data_format="channels_last"
        )

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        sides = [side and side * self.factor for side in (height, width)]
        return (batch, *sides, channels // self.factor**2)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
