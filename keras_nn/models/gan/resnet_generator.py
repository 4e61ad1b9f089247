import keras
from keras import layers

from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class ResNetGenerator(Backbone):
    """Noise through residual blocks, each twice as large, to pictures.

    A dense layer to a small map, then for each of `filters` but the first a
    block `x <- up(x) + conv(act(norm(conv(up(act(norm(x)))))))`, at the end a
    3x3 convolution and a tanh.

    Args:
        noise_units: int. Units of the noise.
        output_shape: tuple `(height, width, channels)`; height and width are
            divisible by `2 ** (len(filters) - 1)`.
        filters: list of ints. Channels of the first map and of each block.
            Defaults to `(256, 256, 256, 256)`.
        num_classes: int or None. Number of classes; the embedding of the
            class is joined to the noise.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: noise `(batch, noise_units)`; with classes a dict of `noise`
            and `labels`, ints `(batch,)`.

    Returns:
        Pictures `(batch, *output_shape)` from -1 to 1.

    Raises:
        ValueError: If the picture cannot be doubled to.

    Example:

    >>> import numpy as np
    >>> model = ResNetGenerator(4, (8, 8, 1), filters=[8, 4])
    >>> model(np.zeros((2, 4))).shape
    TensorShape([2, 8, 8, 1])

    Reference:
        [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), table 4
    """

    def __init__(
        self,
        noise_units,
        output_shape,
        filters=(256, 256, 256, 256),
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        height, width, channels = output_shape
        doubled = 2 ** max(len(filters) - 1, 0)
        if not filters or height % doubled or width % doubled:
            raise ValueError(
                f"`output_shape` must be divisible by {doubled} in height and "
                "width, to be doubled to for each of `filters` but the first. "
                f"Received: {output_shape=}, {filters=}"
            )
        inputs, x = noise_and_class(noise_units, num_classes, dtype)
        smallest = (height // doubled, width // doubled, filters[0])
        x = layers.Dense(
            smallest[0] * smallest[1] * smallest[2], dtype=dtype, name="map"
        )(x)
        x = layers.Reshape(smallest, dtype=dtype, name="first_map")(x)

        def activated(x, name):
            x = layers.BatchNormalization(dtype=dtype, name=f"{name}_norm")(x)
            return layers.ReLU(dtype=dtype, name=f"{name}_act")(x)

        def conv(x, wide, size, name):
            return layers.Conv2D(
                wide, size, padding="same", dtype=dtype, name=f"{name}_conv"
            )(x)

        for index, wide in enumerate(filters[1:]):
            name = f"block_{index}"
            up = layers.UpSampling2D(dtype=dtype, name=f"{name}_shortcut_up")(x)
            shortcut = conv(up, wide, 1, f"{name}_shortcut")
            x = activated(x, f"{name}_0")
            x = layers.UpSampling2D(dtype=dtype, name=f"{name}_up")(x)
            x = conv(x, wide, 3, f"{name}_0")
            x = conv(activated(x, f"{name}_1"), wide, 3, f"{name}_1")
            x = layers.Add(dtype=dtype, name=name)([x, shortcut])
        x = conv(activated(x, "head"), channels, 3, "head")
        x = layers.Activation("tanh", dtype=dtype, name="pictures")(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.noise_units = noise_units
        self.filters = list(filters)
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "noise_units": self.noise_units,
            "output_shape": self.output.shape[1:],
            "filters": self.filters,
            "num_classes": self.num_classes,
        }


def noise_and_class(noise_units, num_classes, dtype):
    """The inputs of a generator, and the noise with the class beside it."""
    noise = keras.Input((noise_units,), name="noise")
    if num_classes is None:
        return noise, noise
    labels = keras.Input((), dtype="int32", name="labels")
    table = layers.Embedding(
        num_classes,
        noise_units,
        embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0),
        dtype=dtype,
        name="classes",
    )
    x = layers.Concatenate(dtype=dtype, name="told")([noise, table(labels)])
    return {"noise": noise, "labels": labels}, x
