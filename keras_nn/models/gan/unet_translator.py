import keras
from keras import layers

from keras_nn.layers import NoiseDropout
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.translator_parts import Parts

BLOCKS_WITH_DROPOUT = 3


@keras.saving.register_keras_serializable(package="keras_nn")
class UNetTranslator(Backbone):
    """The generator of Pix2Pix: down to one place and up, with bridges.

    Down: `x_i = norm(conv(leaky_relu(x_{i-1})))`; up: `y_i =
    dropout(norm(deconv(relu([x_{i+1}, y_{i+1}]))))`; all convolutions are 4x4
    with a stride of 2. The first map and the smallest one are not normalised;
    the three smallest sizes on the way up have dropout, which is the noise.
    The output goes through a tanh.

    Args:
        input_shape: tuple `(height, width, channels)`; height and width are
            divisible by `2 ** len(filters)`, or None. Defaults to
            `(256, 256, 3)`.
        output_channels: int. Defaults to 3.
        filters: list of ints. Channels of each map on the way down. Defaults
            to `(64, 128, 256, 512, 512, 512, 512, 512)`.
        dropout: float. Defaults to 0.5.
        noise: bool. Whether dropout acts when the network is used, too, as
            published: each call then draws another picture. Defaults to True.
        normalization: str or None. `"batch"`, `"instance"` or None. Defaults
            to `"batch"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)` from -1 to 1.

    Returns:
        Pictures `(batch, height, width, output_channels)` from -1 to 1.

    Raises:
        ValueError: If the picture cannot be halved so often.

    Example:

    >>> model = UNetTranslator((8, 8, 1), filters=[4, 8], noise=False)
    >>> model.output_shape
    (None, 8, 8, 3)

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004), section 6.1
    """

    presets = {
        "pix2pix_256": {},
        "pix2pix_128": {
            "input_shape": (128, 128, 3),
            "filters": (64, 128, 256, 512, 512, 512, 512),
        },
        "pix2pix_64_small": {
            "input_shape": (64, 64, 3),
            "filters": (16, 32, 64, 128),
            "dropout": 0.0,
            "noise": False,
        },
    }

    def __init__(
        self,
        input_shape=(256, 256, 3),
        output_channels=3,
        filters=(64, 128, 256, 512, 512, 512, 512, 512),
        dropout=0.5,
        noise=True,
        normalization="batch",
        dtype=None,
        **kwargs,
    ):
        halved = 2 ** len(filters)
        if not filters or any(s and s % halved for s in input_shape[:2]):
            raise ValueError(
                f"`input_shape` must be divisible by {halved} in height and "
                "width, to be halved for each of `filters`. "
                f"Received: {input_shape=}, {filters=}"
            )
        parts = Parts(normalization, dtype)
        last = len(filters) - 1
        pictures = keras.Input(input_shape, name="pictures")
        x, bridges = pictures, []
        for level, wide in enumerate(filters):
            normed = 0 < level < last
            if level:
                bridges.append(x)
                x = parts.relu(x, f"down_{level}_act", 0.2)
            x = _halved(parts, x, wide, f"down_{level}")
            if normed:
                x = parts.norm(x, f"down_{level}_norm")
        kind = NoiseDropout if noise else layers.Dropout
        for step, level in enumerate(range(last, -1, -1)):
            x = parts.relu(x, f"up_{level}_act")
            if not level:
                break
            x = _doubled(parts, x, filters[level - 1], f"up_{level}")
            x = parts.norm(x, f"up_{level}_norm")
            if dropout and step < BLOCKS_WITH_DROPOUT:
                x = kind(dropout, dtype=dtype, name=f"up_{level}_dropout")(x)
            x = layers.Concatenate(dtype=dtype, name=f"up_{level}_bridge")(
                [bridges.pop(), x]
            )
        x = _doubled(parts, x, output_channels, "up_0", use_bias=True)
        x = layers.Activation("tanh", dtype=dtype, name="drawn")(x)
        super().__init__(pictures, x, dtype=dtype, **kwargs)

        self.output_channels = output_channels
        self.filters = list(filters)
        self.dropout = dropout
        self.noise = noise
        self.normalization = normalization

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input_shape[1:],
            "output_channels": self.output_channels,
            "filters": self.filters,
            "dropout": self.dropout,
            "noise": self.noise,
            "normalization": self.normalization,
        }


def _halved(parts, x, filters, name, **how):
    return parts.conv(x, filters, 4, name, strides=2, padding="same", **how)


def _doubled(parts, x, filters, name, **how):
    return _halved(parts, x, filters, name, transpose=True, **how)
