import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SpaceToDepth2D(keras.layers.Layer):
    """Squares of pixels become channels: a stem that loses nothing.

    `y[i, j, (r b + c) n + k] = x[b i + r, b j + c, k]`, of `n` channels

    Args:
        block_size: int. Side `b` of the squares, in pixels. Defaults to 4.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`; the block
            size divides height and width.

    Returns:
        A tensor of shape `(batch, height / block_size, width / block_size,
        channels * block_size^2)`.

    Raises:
        ValueError: if `block_size` is not positive or does not divide.

    Example:

    >>> tuple(SpaceToDepth2D(4)(ops.ones((1, 8, 8, 3))).shape)
    (1, 2, 2, 48)

    Reference:
        [Ridnik et al., 2020](https://arxiv.org/abs/2003.13630), TResNet
    """

    def __init__(self, block_size=4, **kwargs):
        super().__init__(**kwargs)
        if block_size < 1:
            raise ValueError(
                f"`block_size` must be positive. Received: {block_size=}"
            )
        self.block_size = block_size
        self.input_spec = keras.InputSpec(ndim=4)

    def call(self, inputs):
        _, height, width, channels = ops.shape(inputs)
        size = self.block_size
        x = ops.reshape(
            inputs,
            (-1, height // size, size, width // size, size, channels),
        )
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(
            x, (-1, height // size, width // size, size * size * channels)
        )

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        for side in (height, width):
            if side is not None and side % self.block_size:
                raise ValueError(
                    "`block_size` must divide height and width. Received: "
                    f"block_size={self.block_size}, {input_shape=}"
                )
        height, width = (
            None if side is None else side // self.block_size
            for side in (height, width)
        )
        return (batch, height, width, channels * self.block_size**2)

    def build(self, input_shape):
        self.compute_output_shape(input_shape)  # refuses what does not fit

    def get_config(self):
        return {**super().get_config(), "block_size": self.block_size}
