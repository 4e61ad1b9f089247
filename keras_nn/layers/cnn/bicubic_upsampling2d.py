import keras

from keras_nn.ops.bicubic import bicubic_upscale


@keras.saving.register_keras_serializable(package="keras_nn")
class BicubicUpsampling2D(keras.layers.Layer):
    """Makes a map larger by a whole factor, bicubically, whatever its size.

    See `keras_nn.ops.bicubic_upscale`; it computes in float32.

    Args:
        factor: int. How many times as high and as wide. Defaults to 2.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, factor * height, factor * width,
        channels)`.

    Raises:
        ValueError: if `factor` is not positive.

    Example:

    >>> import numpy as np
    >>> BicubicUpsampling2D(3)(np.ones((1, 4, 5, 2))).shape
    TensorShape([1, 12, 15, 2])
    """

    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        if factor < 1:
            raise ValueError(f"`factor` must be positive. Received: {factor=}")
        self.factor = factor
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        pass

    def call(self, inputs):
        return bicubic_upscale(inputs, self.factor)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        sides = [side and side * self.factor for side in (height, width)]
        return (batch, *sides, channels)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
