import math

import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.autoencoder.conv_encoder import activated
from keras_nn.models.autoencoder.conv_encoder import check_halvings
from keras_nn.models.autoencoder.dense_encoder import hidden
from keras_nn.models.autoencoder.dense_encoder import told
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvDecoder(Backbone):
    """Transposed convolutions from codes to pictures: `ConvEncoder` backwards.

    Dense layers, which are told the class where there are some, to a small
    map of `filters[0]` channels; then for each of the other `filters`, and
    for the picture, a transposed 4x4 convolution of stride 2.

    Args:
        code_units: int. Units of a code.
        output_shape: tuple `(height, width, channels)` of what is said of
            each: the shape of a picture, its channels times the
            `parameters_per_value` of the likelihood; height and width are
            divisible by `2 ** len(filters)`.
        filters: list of ints. Channels of each map, from the smallest map.
            Defaults to `(64, 32)`.
        units: list of ints. Width of each dense layer in front of the first
            map. Defaults to `(256,)`.
        activation: str or callable of the hidden layers. Defaults to
            `"relu"`.
        output_activation: str, callable or None. Defaults to None.
        batch_normalization: bool. Of hidden layers, before the activation.
            Defaults to False.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: tensor `(batch, code_units)`; with classes a dict of `codes`
            and `labels`, ints `(batch,)`.

    Returns:
        A tensor `(batch, *output_shape)`.

    Raises:
        ValueError: If the picture cannot be doubled to, or a width is below
            one.

    Example:

    >>> import numpy as np
    >>> model = ConvDecoder(2, (8, 8, 1), filters=[8, 4], units=[16])
    >>> model(np.zeros((3, 2))).shape
    TensorShape([3, 8, 8, 1])

    Reference:
        [Radford et al., 2016](https://arxiv.org/abs/1511.06434) (strides);
        [Higgins et al., 2017](https://openreview.net/forum?id=Sy2fzU9gl)
        (in a VAE)
    """

    def __init__(
        self,
        code_units,
        output_shape,
        filters=(64, 32),
        units=(256,),
        activation="relu",
        output_activation=None,
        batch_normalization=False,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        check_halvings("output_shape", output_shape, filters)
        if code_units < 1 or any(width < 1 for width in units):
            raise ValueError(
                "`code_units` and `units` must be positive. "
                f"Received: {code_units=}, {units=}"
            )
        height, width, channels = output_shape
        doubled = 2 ** len(filters)
        smallest = (height // doubled, width // doubled, filters[0])
        codes = keras.Input((code_units,), name="codes")
        inputs, x = told(codes, codes, num_classes, dtype)
        x = hidden(
            x,
            [*units, math.prod(smallest)],
            activation,
            dtype,
            batch_normalization,
        )
        x = keras.layers.Reshape(smallest, dtype=dtype, name="first_map")(x)
        first = len(units) + 1
        for index, wide in enumerate(filters[1:], start=first):
            x = keras.layers.Conv2DTranspose(
                wide,
                4,
                strides=2,
                padding="same",
                use_bias=not batch_normalization,
                dtype=dtype,
                name=f"double_{index}",
            )(x)
            x = activated(x, activation, batch_normalization, dtype, index)
        x = keras.layers.Conv2DTranspose(
            channels,
            4,
            strides=2,
            padding="same",
            activation=output_activation,
            dtype=dtype,
            name="pictures",
        )(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.code_units = code_units
        self.example_shape = tuple(output_shape)
        self.filters = list(filters)
        self.units = list(units)
        self.activation = activation
        self.output_activation = output_activation
        self.batch_normalization = batch_normalization
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "code_units": self.code_units,
            "output_shape": self.example_shape,
            "filters": self.filters,
            "units": self.units,
            "activation": activation_config(self.activation),
            "output_activation": activation_config(self.output_activation),
            "batch_normalization": self.batch_normalization,
            "num_classes": self.num_classes,
        }
