import keras

from keras_nn.ops.fir_resampling import doubled


@keras.saving.register_keras_serializable(package="keras_nn")
class DoubledPicture(keras.layers.Layer):
    """A picture of twice the size, smoothed; see `ops.fir_resampling`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A tensor `(batch, 2 height, 2 width, channels)`.

    Example:

    >>> from keras import ops
    >>> tuple(DoubledPicture()(ops.ones((1, 4, 4, 3))).shape)
    (1, 8, 8, 3)
    """

    def call(self, inputs):
        return doubled(inputs)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (batch, 2 * height, 2 * width, channels)
