import keras

from keras_nn.layers.cnn.pixel_shuffle2d import PixelShuffle2D
from keras_nn.models.image_to_image.picture_network import PictureNetwork
from keras_nn.models.image_to_image.picture_network import require_positive


@keras.saving.register_keras_serializable(package="keras_nn")
class EDSR(PictureNetwork):
    """Enlarges pictures: residual blocks without normalisation.

    `x <- x + residual_scale conv(relu(conv(x)))` for every block, a skip over
    all of them, then pixel shuffles of 2 (twice for 4) or 3.

    Presets: `edsr_baseline_x2`, `_x3`, `_x4` are the baselines of the paper
    (16 blocks of 64 filters), `edsr_small_x2`, `_x3`, `_x4` have 4 blocks of
    32.

    Args:
        input_shape: tuple `(height, width, channels)` of the small pictures,
            in pixels; height and width may be None. Defaults to
            `(None, None, 3)`.
        scale: int. 1, 2, 3 or 4: how many times as high and as wide. Defaults
            to 2.
        filters: int. Defaults to 64.
        num_blocks: int. Defaults to 16.
        residual_scale: float. Of what a block adds. Defaults to 1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A float tensor `(batch, scale * height, scale * width, channels)`.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> EDSR.from_preset("edsr_small_x3", input_shape=(8, 8, 3)).output_shape
    (None, 24, 24, 3)

    Reference:
        [Lim et al., 2017](https://arxiv.org/abs/1707.02921)
    """

    presets = {
        f"edsr_{size}_x{scale}": {"scale": scale, **arguments}
        for scale in (2, 3, 4)
        for size, arguments in (
            ("baseline", {"filters": 64, "num_blocks": 16}),
            ("small", {"filters": 32, "num_blocks": 4}),
        )
    }

    def __init__(
        self,
        input_shape=(None, None, 3),
        scale=2,
        filters=64,
        num_blocks=16,
        residual_scale=1.0,
        dtype=None,
        **kwargs,
    ):
        require_positive(filters=filters, num_blocks=num_blocks)
        if scale not in (1, 2, 3, 4):
            raise ValueError(
                f"`scale` must be 1, 2, 3 or 4. Received: {scale=}"
            )

        def conv(count, name, activation=None):
            return keras.layers.Conv2D(
                count,
                3,
                padding="same",
                activation=activation,
                data_format="channels_last",
                dtype=dtype,
                name=name,
            )

        pictures = self.pictures(input_shape)
        first = x = conv(filters, "stem")(pictures)
        for index in range(1, num_blocks + 1):
            name = f"block{index}"
            y = conv(filters, f"{name}_conv1", "relu")(x)
            y = conv(filters, f"{name}_conv2")(y)
            if residual_scale != 1:
                y = keras.layers.Rescaling(
                    residual_scale, dtype=dtype, name=f"{name}_scale"
                )(y)
            x = keras.layers.Add(dtype=dtype, name=f"{name}_add")([x, y])
        x = conv(filters, "body")(x)
        x = keras.layers.Add(dtype=dtype, name="body_add")([x, first])
        factors = {1: (), 2: (2,), 3: (3,), 4: (2, 2)}[scale]
        for index, factor in enumerate(factors, start=1):
            x = conv(filters * factor**2, f"up{index}")(x)
            x = PixelShuffle2D(factor, dtype=dtype, name=f"shuffle{index}")(x)
        x = conv(pictures.shape[-1], "head")(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)
        self.scale = scale
        self.filters = filters
        self.num_blocks = num_blocks
        self.residual_scale = residual_scale

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "filters": self.filters,
            "num_blocks": self.num_blocks,
            "residual_scale": self.residual_scale,
        }
