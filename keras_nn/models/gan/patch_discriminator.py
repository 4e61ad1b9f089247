import keras
from keras import layers

from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.translator_parts import Parts


@keras.saving.register_keras_serializable(package="keras_nn")
class PatchDiscriminator(Backbone):
    """PatchGAN: a score for each patch of a picture, not for the whole.

    4x4 convolutions with leaky ReLUs of slope 0.2, each but the last of
    `filters` halving the map, and one to the scores; all maps but the first
    are normalised. With four filters a score sees 70x70 pixels.

    Args:
        input_shape: tuple `(height, width, channels)`; height and width may
            be None. The discriminator of Pix2Pix looks at input and output
            joined, of 6 channels. Defaults to `(256, 256, 3)`.
        filters: list of ints. Defaults to `(64, 128, 256, 512)`.
        normalization: str or None. `"batch"`, `"instance"` or None. Defaults
            to `"batch"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        Scores `(batch, rows, columns, 1)`, unbounded.

    Raises:
        ValueError: If there is no filter, or no place left for a score.

    Example:

    >>> PatchDiscriminator((256, 256, 6), filters=[4, 4, 4, 4]).output_shape
    (None, 30, 30, 1)

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004), section 3.2.2
    """

    presets = {
        "pix2pix_70": {"input_shape": (256, 256, 6)},
        "cyclegan_70": {"normalization": "instance"},
    }

    def __init__(
        self,
        input_shape=(256, 256, 3),
        filters=(64, 128, 256, 512),
        normalization="batch",
        dtype=None,
        **kwargs,
    ):
        sides = [s for s in input_shape[:2] if s]
        if not filters or any(s // 2 ** (len(filters) - 1) < 3 for s in sides):
            raise ValueError(
                "`filters` must leave a map of 3 by 3 at least, halving it "
                "for each but the last. "
                f"Received: {input_shape=}, {filters=}"
            )
        parts = Parts(normalization, dtype)
        pictures = keras.Input(input_shape, name="pictures")

        def conv(x, wide, name, strides=1, **how):
            x = layers.ZeroPadding2D(
                1,
                data_format="channels_last",
                dtype=dtype,
                name=f"{name}_margin",
            )(x)
            return parts.conv(x, wide, 4, name, strides=strides, **how)

        x = pictures
        for level, wide in enumerate(filters):
            name = f"conv_{level}"
            strides = 2 if level < len(filters) - 1 else 1
            x = conv(x, wide, name, strides, **({} if level else _BIAS))
            x = parts.norm(x, f"{name}_norm") if level else x
            x = parts.relu(x, f"{name}_act", 0.2)
        x = conv(x, 1, "scores", **_BIAS)
        super().__init__(pictures, x, dtype=dtype, **kwargs)

        self.filters = list(filters)
        self.normalization = normalization

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input_shape[1:],
            "filters": self.filters,
            "normalization": self.normalization,
        }


_BIAS = {"use_bias": True}
