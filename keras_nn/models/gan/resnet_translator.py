import keras
from keras import layers

from keras_nn.layers import ReflectionPadding2D
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.translator_parts import Parts


@keras.saving.register_keras_serializable(package="keras_nn")
class ResNetTranslator(Backbone):
    """The generator of CycleGAN: two sizes down, residual blocks, and up.

    A 7x7 convolution, two 3x3 ones of stride 2, `num_blocks` times `x <- x +
    norm(conv(relu(norm(conv(x)))))`, two transposed 3x3 ones of stride 2, a
    7x7 one and a tanh. The 7x7 ones and the blocks continue a picture beyond
    its margins as a mirror does.

    Args:
        input_shape: tuple `(height, width, channels)`; height and width are
            divisible by 4, or None. Defaults to `(256, 256, 3)`.
        output_channels: int. Defaults to 3.
        filters: int. Channels of the first map, doubled at each halving.
            Defaults to 64.
        num_blocks: int. Residual blocks: 6 for pictures of 128 pixels, 9 for
            larger ones. Defaults to 9.
        normalization: str or None. `"batch"`, `"instance"` or None. Defaults
            to `"instance"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)` from -1 to 1.

    Returns:
        Pictures `(batch, height, width, output_channels)` from -1 to 1.

    Raises:
        ValueError: If the picture cannot be halved twice.

    Example:

    >>> model = ResNetTranslator((8, 8, 1), filters=4, num_blocks=1)
    >>> model.output_shape
    (None, 8, 8, 3)

    Reference:
        [Zhu et al., 2017](https://arxiv.org/abs/1703.10593), section 7.2;
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155)
    """

    presets = {
        "cyclegan_256": {},
        "cyclegan_128": {"input_shape": (128, 128, 3), "num_blocks": 6},
        "cyclegan_16_small": {
            "input_shape": (16, 16, 3),
            "filters": 8,
            "num_blocks": 2,
        },
    }

    def __init__(
        self,
        input_shape=(256, 256, 3),
        output_channels=3,
        filters=64,
        num_blocks=9,
        normalization="instance",
        dtype=None,
        **kwargs,
    ):
        if any(side and side % 4 for side in input_shape[:2]):
            raise ValueError(
                "`input_shape` must be divisible by 4 in height and width. "
                f"Received: {input_shape=}"
            )
        if num_blocks < 0 or filters < 1:
            raise ValueError(
                "`filters` must be positive, `num_blocks` not negative. "
                f"Received: {filters=}, {num_blocks=}"
            )
        parts = Parts(normalization, dtype)
        pictures = keras.Input(input_shape, name="pictures")

        def mirrored(x, filters, size, name, **how):
            x = ReflectionPadding2D(
                size // 2, dtype=dtype, name=f"{name}_margin"
            )(x)
            return parts.conv(x, filters, size, name, **how)

        def activated(x, name):
            return parts.relu(parts.norm(x, f"{name}_norm"), f"{name}_act")

        x = activated(mirrored(pictures, filters, 7, "stem"), "stem")
        sized = {"strides": 2, "padding": "same"}
        for level in (1, 2):
            name = f"down_{level}"
            x = parts.conv(x, filters * 2**level, 3, name, **sized)
            x = activated(x, name)
        for index in range(num_blocks):
            name = f"block_{index}"
            y = mirrored(x, 4 * filters, 3, f"{name}_0")
            y = mirrored(activated(y, f"{name}_0"), 4 * filters, 3, f"{name}_1")
            y = parts.norm(y, f"{name}_1_norm")
            x = layers.Add(dtype=dtype, name=name)([x, y])
        for level in (2, 1):
            name = f"up_{level}"
            wide = filters * 2 ** (level - 1)
            x = parts.conv(x, wide, 3, name, transpose=True, **sized)
            x = activated(x, name)
        x = mirrored(x, output_channels, 7, "head", use_bias=True)
        x = layers.Activation("tanh", dtype=dtype, name="drawn")(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)

        self.output_channels = output_channels
        self.filters = filters
        self.num_blocks = num_blocks
        self.normalization = normalization

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input_shape[1:],
            "output_channels": self.output_channels,
            "filters": self.filters,
            "num_blocks": self.num_blocks,
            "normalization": self.normalization,
        }
