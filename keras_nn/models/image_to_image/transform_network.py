import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.cnn.reflection_padding2d import ReflectionPadding2D
from keras_nn.models.image_to_image.picture_network import PictureNetwork
from keras_nn.models.image_to_image.picture_network import require_positive


@keras.saving.register_keras_serializable(package="keras_nn")
class TransformNetwork(PictureNetwork):
    """Redraws a picture in one pass, in the one style that it has learnt.

    Three convolutions, the last two with a stride of 2; residual blocks; two
    nearest-neighbour enlargements with a convolution each, and a last one.
    Each convolution but the last goes through instance normalisation (Ulyanov
    et al.), with margins continued as in a mirror.

    `y = 127.5 (1 + tanh(network(u)))`, `u = x / 127.5 - 1`; with `residual`
    `y = 127.5 (1 + tanh(u + network(u)))`

    Args:
        input_shape: tuple `(height, width, channels)`, in pixels, multiples
            of 4; height and width may be None. Defaults to
            `(None, None, 3)`.
        filters: int. Filters of the first convolution, doubled twice.
            Defaults to 32.
        num_blocks: int. Residual blocks. Defaults to 5.
        residual: bool. Whether the network draws only what changes, which
            the paper's does not: a short training then keeps the content,
            which instance normalisation would have to learn to pass on.
            Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`, 0 to 255; at
            least 16 pixels high and wide.

    Returns:
        Pictures of the same shape and range, in float32.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> TransformNetwork(filters=4, num_blocks=1).output_shape
    (None, None, None, 3)

    Reference:
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155);
        [Ulyanov et al., 2016](https://arxiv.org/abs/1607.08022)
    """

    def __init__(
        self,
        input_shape=(None, None, 3),
        filters=32,
        num_blocks=5,
        residual=False,
        dtype=None,
        **kwargs,
    ):
        require_positive(filters=filters, num_blocks=num_blocks)
        if any(side is not None and side % 4 for side in input_shape[:2]):
            raise ValueError(
                "Height and width of `input_shape` must be multiples of 4. "
                f"Received: {input_shape=}"
            )
        block = _Blocks(dtype)
        pictures = self.pictures(input_shape)
        scaled = keras.layers.Rescaling(
            1 / 127.5, -1.0, dtype=dtype, name="rescale"
        )(pictures)
        x = block.conv(scaled, filters, 9, "stem")
        x = block.conv(x, 2 * filters, 3, "down1", strides=2)
        x = block.conv(x, 4 * filters, 3, "down2", strides=2)
        for index in range(1, num_blocks + 1):
            name = f"block{index}"
            y = block.conv(x, 4 * filters, 3, f"{name}_1")
            y = block.conv(y, 4 * filters, 3, f"{name}_2", activation=None)
            x = keras.layers.Add(dtype=dtype, name=f"{name}_add")([x, y])
        for index, count in enumerate((2 * filters, filters), start=1):
            x = keras.layers.UpSampling2D(
                data_format="channels_last", dtype=dtype, name=f"up{index}"
            )(x)
            x = block.conv(x, count, 3, f"up{index}")
        x = block.conv(
            x, pictures.shape[-1], 9, "head", norm=None, activation=None
        )
        if residual:
            x = keras.layers.Add(dtype=dtype, name="change")([scaled, x])
        x = keras.layers.Activation("tanh", dtype="float32", name="tanh")(x)
        x = keras.layers.Rescaling(
            127.5, 127.5, dtype="float32", name="pixels"
        )(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)
        self.filters = filters
        self.num_blocks = num_blocks
        self.residual = residual

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "num_blocks": self.num_blocks,
            "residual": self.residual,
        }


class _Blocks:
    """The building blocks, all of one dtype."""

    def __init__(self, dtype):
        self.dtype = dtype

    def conv(self, x, filters, side, name, strides=1, **how):
        """A convolution with mirrored margins, normalised by picture."""
        x = ReflectionPadding2D(
            side // 2, dtype=self.dtype, name=f"{name}_pad"
        )(x)
        how = {"norm": "instance", "epsilon": 1e-5, **how}
        return ConvNormAct(
            filters,
            side,
            strides,
            padding="valid",
            dtype=self.dtype,
            name=f"{name}_conv",
            **how,
        )(x)
