import keras
from keras import layers

from keras_nn.layers import DoubledPicture
from keras_nn.layers import EqualizedDense
from keras_nn.layers import LearntMap
from keras_nn.layers import ModulatedConv2D
from keras_nn.layers import StyledConv2D
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.resnet_generator import noise_and_class


@keras.saving.register_keras_serializable(package="keras_nn")
class StyleGAN2Generator(Backbone):
    """Noise to styles, and styles to pictures, by modulated convolutions.

    A mapping of dense layers from normalised noise to a style; a learnt map of
    4x4 that styled convolutions double until it is as large as the picture,
    with a picture drawn at each size and the sum of all of them, doubled, as
    the output. Its two halves are `mapping`, of noise to styles, and
    `synthesis`, of a style for each layer `(batch, num_styles, style_units)`
    to pictures.

    Args:
        noise_units: int. Defaults to 512.
        output_shape: tuple `(height, width, channels)`, height and width
            equal, 4 doubled some times. Defaults to `(256, 256, 3)`.
        filters: list of ints. Channels of each map, from that of 4x4 on.
            Defaults to `(512, 512, 512, 512, 512, 256, 128)`.
        style_units: int. Defaults to 512.
        mapping_layers: int. Defaults to 8.
        num_classes: int or None. Number of classes; the embedding of the
            class is joined to the noise.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: noise `(batch, noise_units)`; with classes a dict of `noise`
            and `labels`, ints `(batch,)`.

    Returns:
        Pictures `(batch, *output_shape)`, about -1 to 1, unbounded.

    Raises:
        ValueError: If `filters` do not double to the picture.

    Example:

    >>> import numpy as np
    >>> model = StyleGAN2Generator(4, (8, 8, 1), [6, 4], 5, mapping_layers=2)
    >>> model(np.zeros((2, 4))).shape, model.num_styles
    (TensorShape([2, 8, 8, 1]), 4)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), figure 7
        (skip)
    """

    presets = {
        "stylegan2_1024": {
            "output_shape": (1024, 1024, 3),
            "filters": (512, 512, 512, 512, 512, 256, 128, 64, 32),
        },
        "stylegan2_256": {},
        "stylegan2_8_small": {
            "noise_units": 32,
            "output_shape": (8, 8, 1),
            "filters": (64, 32),
            "style_units": 32,
            "mapping_layers": 3,
        },
    }

    def __init__(
        self,
        noise_units=512,
        output_shape=(256, 256, 3),
        filters=(512, 512, 512, 512, 512, 256, 128),
        style_units=512,
        mapping_layers=8,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes("output_shape", output_shape, filters)
        mapping = _mapping(
            noise_units, style_units, mapping_layers, num_classes, dtype
        )
        synthesis = _synthesis(output_shape[-1], filters, style_units, dtype)
        num_styles = synthesis.input_shape[1]
        inputs, _ = noise_and_class(noise_units, num_classes, dtype)
        styles = layers.RepeatVector(num_styles, dtype=dtype, name="styles")(
            mapping(inputs)
        )
        super().__init__(inputs, synthesis(styles), dtype=dtype, **kwargs)

        self.mapping = mapping
        self.synthesis = synthesis
        self.noise_units = noise_units
        self.filters = list(filters)
        self.style_units = style_units
        self.mapping_layers = mapping_layers
        self.num_classes = num_classes

    @property
    def num_styles(self):
        """int. How many layers have a style."""
        return self.synthesis.input_shape[1]

    def get_config(self):
        return {
            **super().get_config(),
            "noise_units": self.noise_units,
            "output_shape": self.output.shape[1:],
            "filters": self.filters,
            "style_units": self.style_units,
            "mapping_layers": self.mapping_layers,
            "num_classes": self.num_classes,
        }


def check_sizes(name, shape, filters):
    """Raise unless a map of 4x4 can be doubled to the picture."""
    side = 4 * 2 ** (len(filters) - 1)
    if not filters or tuple(shape[:2]) != (side, side):
        raise ValueError(
            f"`{name}` must be {side} by {side}, 4 doubled for each of "
            f"`filters` but the first. Received: {name}={tuple(shape)}, "
            f"{filters=}"
        )


def _mapping(noise_units, style_units, num_layers, num_classes, dtype):
    inputs, x = noise_and_class(noise_units, num_classes, dtype)
    x = layers.UnitNormalization(dtype=dtype, name="normed")(x)
    # Of root mean square 1, which the normalisation of a vector is not.
    x = layers.Rescaling(x.shape[-1] ** 0.5, dtype=dtype, name="noise_scale")(x)
    for index in range(num_layers):
        x = EqualizedDense(
            style_units,
            "leaky_relu",
            multiplier=0.01,
            dtype=dtype,
            name=f"mapping_{index}",
        )(x)
    return keras.Model(inputs, x, name="mapping")


def _synthesis(channels, filters, style_units, dtype):
    count = 2 * len(filters)
    styles = keras.Input((count, style_units), name="layer_styles")
    style = [styles[:, index] for index in range(count)]
    x = LearntMap(4, filters[0], dtype=dtype, name="learnt")(styles)
    picture, used = None, 0
    for level, wide in enumerate(filters):
        name = f"{4 * 2**level}"
        for place in ("double", "conv") if level else ("conv",):
            x = StyledConv2D(
                wide, place == "double", dtype=dtype, name=f"{place}_{name}"
            )([x, style[used]])
            used += 1
        drawn = ModulatedConv2D(
            channels,
            1,
            demodulate=False,
            use_bias=True,
            dtype=dtype,
            name=f"drawn_{name}",
        )([x, style[used]])
        if picture is not None:
            large = DoubledPicture(dtype=dtype, name=f"large_{name}")(picture)
            drawn = layers.Add(dtype=dtype, name=f"sum_{name}")([large, drawn])
        picture = drawn
    return keras.Model(styles, picture, name="synthesis")
