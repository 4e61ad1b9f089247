import keras
from keras import layers

from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.resnet_generator import noise_and_class


@keras.saving.register_keras_serializable(package="keras_nn")
class DCGANGenerator(Backbone):
    """Noise through transposed convolutions, each twice as large, to pictures.

    A dense layer to a small map, then for each of `filters` but the first, and
    for the picture, a transposed 5x5 convolution of stride 2; between them
    batch normalisation and ReLU, at the end a tanh.

    Args:
        noise_units: int. Units of the noise.
        output_shape: tuple `(height, width, channels)`; height and width are
            divisible by `2 ** len(filters)`.
        filters: list of ints. Channels of each map, from the smallest map.
            Defaults to `(128, 64)`.
        batch_norm: bool. Whether maps are normalised. Defaults to True.
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
    >>> model = DCGANGenerator(4, (8, 8, 1), filters=[8, 4])
    >>> model(np.zeros((2, 4))).shape
    TensorShape([2, 8, 8, 1])

    Reference:
        [Radford et al., 2016](https://arxiv.org/abs/1511.06434)
    """

    def __init__(
        self,
        noise_units,
        output_shape,
        filters=(128, 64),
        batch_norm=True,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        height, width, channels = output_shape
        doubled = 2 ** len(filters)
        if not filters or height % doubled or width % doubled:
            raise ValueError(
                f"`output_shape` must be divisible by {doubled} in height and "
                "width, to be doubled to for each of `filters`. "
                f"Received: {output_shape=}, {filters=}"
            )
        inputs, x = noise_and_class(noise_units, num_classes, dtype)
        smallest = (height // doubled, width // doubled, filters[0])

        def activated(x, index):
            if batch_norm:
                x = layers.BatchNormalization(
                    dtype=dtype, name=f"norm_{index}"
                )(x)
            return layers.ReLU(dtype=dtype, name=f"act_{index}")(x)

        x = layers.Dense(
            smallest[0] * smallest[1] * smallest[2],
            use_bias=not batch_norm,
            dtype=dtype,
            name="map",
        )(x)
        x = layers.Reshape(smallest, dtype=dtype, name="first_map")(x)
        x = activated(x, 0)
        for index, wide in enumerate([*filters[1:], channels], start=1):
            last = index == len(filters)
            x = layers.Conv2DTranspose(
                wide,
                5,
                strides=2,
                padding="same",
                use_bias=last or not batch_norm,
                dtype=dtype,
                name=f"double_{index}",
            )(x)
            x = x if last else activated(x, index)
        x = layers.Activation("tanh", dtype=dtype, name="pictures")(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.noise_units = noise_units
        self.filters = list(filters)
        self.batch_norm = batch_norm
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "noise_units": self.noise_units,
            "output_shape": self.output.shape[1:],
            "filters": self.filters,
            "batch_norm": self.batch_norm,
            "num_classes": self.num_classes,
        }
