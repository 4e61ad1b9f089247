import keras

from keras_nn.layers.cnn.pixel_shuffle2d import PixelShuffle2D
from keras_nn.models.image_to_image.picture_network import PictureNetwork
from keras_nn.models.image_to_image.picture_network import require_positive


@keras.saving.register_keras_serializable(package="keras_nn")
class ESPCN(PictureNetwork):
    """Enlarges pictures: convolutions at the small size, a pixel shuffle.

    `y = shuffle(W_3 * tanh(W_2 * tanh(W_1 * x)))` with kernels of 5, 3 and 3

    Args:
        input_shape: tuple `(height, width, channels)` of the small pictures,
            in pixels; height and width may be None. Defaults to
            `(None, None, 3)`.
        scale: int. How many times as high and as wide. Defaults to 2.
        filters: list of two ints. Defaults to `(64, 32)`.
        activation: str. Defaults to `"tanh"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A float tensor `(batch, scale * height, scale * width, channels)`.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> ESPCN((16, 16, 1), scale=3).output_shape
    (None, 48, 48, 1)

    Reference:
        [Shi et al., 2016](https://arxiv.org/abs/1609.05158)
    """

    def __init__(
        self,
        input_shape=(None, None, 3),
        scale=2,
        filters=(64, 32),
        activation="tanh",
        dtype=None,
        **kwargs,
    ):
        require_positive(scale=scale)
        conv = {
            "padding": "same",
            "data_format": "channels_last",
            "dtype": dtype,
        }
        pictures = x = self.pictures(input_shape)
        for index, (count, side) in enumerate(
            zip(filters, (5, 3), strict=True), start=1
        ):
            x = keras.layers.Conv2D(
                count, side, activation=activation, name=f"conv{index}", **conv
            )(x)
        channels = pictures.shape[-1]
        x = keras.layers.Conv2D(
            channels * scale**2, 3, name="sub_pixels", **conv
        )(x)
        x = PixelShuffle2D(scale, dtype=dtype, name="shuffle")(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)
        self.scale = scale
        self.filters = list(filters)
        self.activation = activation

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "filters": self.filters,
            "activation": self.activation,
        }
