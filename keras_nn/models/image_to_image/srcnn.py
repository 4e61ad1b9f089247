import keras

from keras_nn.layers.cnn.bicubic_upsampling2d import BicubicUpsampling2D
from keras_nn.models.image_to_image.picture_network import PictureNetwork
from keras_nn.models.image_to_image.picture_network import require_positive


@keras.saving.register_keras_serializable(package="keras_nn")
class SRCNN(PictureNetwork):
    """Enlarges pictures bicubically, then sharpens them with convolutions.

    `y = W_3 * relu(W_2 * relu(W_1 * bicubic(x)))` with kernels of 9, 5 and 5

    Args:
        input_shape: tuple `(height, width, channels)` of the small pictures,
            in pixels; height and width may be None. Defaults to
            `(None, None, 3)`.
        scale: int. How many times as high and as wide. Defaults to 2.
        filters: list of two ints. Defaults to `(64, 32)`.
        kernel_sizes: list of three ints, in pixels. Defaults to `(9, 5, 5)`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A float tensor `(batch, scale * height, scale * width, channels)`.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> SRCNN((16, 16, 1), scale=3).output_shape
    (None, 48, 48, 1)

    Reference:
        [Dong et al., 2014](https://arxiv.org/abs/1501.00092)
    """

    def __init__(
        self,
        input_shape=(None, None, 3),
        scale=2,
        filters=(64, 32),
        kernel_sizes=(9, 5, 5),
        dtype=None,
        **kwargs,
    ):
        require_positive(scale=scale)
        if len(kernel_sizes) != len(filters) + 1:
            raise ValueError(
                "`kernel_sizes` must have one entry more than `filters`. "
                f"Received: {kernel_sizes=}, {filters=}"
            )
        pictures = self.pictures(input_shape)
        x = BicubicUpsampling2D(scale, dtype=dtype, name="bicubic")(pictures)
        counts = [*filters, pictures.shape[-1]]
        for index, (count, side) in enumerate(
            zip(counts, kernel_sizes, strict=True)
        ):
            x = keras.layers.Conv2D(
                count,
                side,
                padding="same",
                activation="relu" if index < len(filters) else None,
                data_format="channels_last",
                dtype=dtype,
                name=f"conv{index + 1}",
            )(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)
        self.scale = scale
        self.filters = list(filters)
        self.kernel_sizes = list(kernel_sizes)

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "filters": self.filters,
            "kernel_sizes": self.kernel_sizes,
        }
