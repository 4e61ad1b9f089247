import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.autoencoder.dense_encoder import hidden
from keras_nn.models.autoencoder.dense_encoder import told
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvEncoder(Backbone):
    """Convolutions from pictures to codes, each halving height and width.

    A 4x4 convolution of stride 2 for each of `filters`, then dense layers,
    which are told the class where there are some.

    Args:
        input_shape: tuple `(height, width, channels)`; height and width are
            divisible by `2 ** len(filters)`.
        output_units: int. Numbers said of each: the units of a code, or for a
            `VAE` twice as many, the means and then the log variances.
        filters: list of ints. Channels of each convolution. Defaults to
            `(32, 64)`.
        units: list of ints. Width of each dense layer between the last map
            and the code. Defaults to `(256,)`.
        activation: str or callable of the hidden layers. Defaults to
            `"relu"`.
        batch_normalization: bool. Of hidden layers, before the activation.
            Defaults to False.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: tensor `(batch, height, width, channels)`; with classes a dict
            of `pictures` and `labels`, ints `(batch,)`.

    Returns:
        A tensor `(batch, output_units)`.

    Raises:
        ValueError: If a picture cannot be halved so often, or a width is
            below one.

    Example:

    >>> import numpy as np
    >>> model = ConvEncoder((8, 8, 1), 4, filters=[4, 8], units=[16])
    >>> model(np.zeros((2, 8, 8, 1))).shape
    TensorShape([2, 4])

    Reference:
        [Radford et al., 2016](https://arxiv.org/abs/1511.06434) (strides);
        [Higgins et al., 2017](https://openreview.net/forum?id=Sy2fzU9gl)
        (in a VAE)
    """

    def __init__(
        self,
        input_shape,
        output_units,
        filters=(32, 64),
        units=(256,),
        activation="relu",
        batch_normalization=False,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        check_halvings("input_shape", input_shape, filters)
        if output_units < 1 or any(width < 1 for width in units):
            raise ValueError(
                "`output_units` and `units` must be positive. "
                f"Received: {output_units=}, {units=}"
            )
        x = pictures = keras.Input(input_shape, name="pictures")
        for index, width in enumerate(filters):
            x = keras.layers.Conv2D(
                width,
                4,
                strides=2,
                padding="same",
                use_bias=not batch_normalization,
                dtype=dtype,
                name=f"halve_{index}",
            )(x)
            x = activated(x, activation, batch_normalization, dtype, index)
        x = keras.layers.Flatten(dtype=dtype, name="flatten")(x)
        inputs, x = told(pictures, x, num_classes, dtype)
        x = hidden(
            x, units, activation, dtype, batch_normalization, len(filters)
        )
        x = keras.layers.Dense(output_units, dtype=dtype, name="code")(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.output_units = output_units
        self.picture_shape = tuple(input_shape)
        self.filters = list(filters)
        self.units = list(units)
        self.activation = activation
        self.batch_normalization = batch_normalization
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.picture_shape,
            "output_units": self.output_units,
            "filters": self.filters,
            "units": self.units,
            "activation": activation_config(self.activation),
            "batch_normalization": self.batch_normalization,
            "num_classes": self.num_classes,
        }


def check_halvings(name, shape, filters):
    """Raise unless pictures of a shape can be halved for each of `filters`."""
    halvings = 2 ** len(filters)
    if (
        not filters
        or min(filters) < 1
        or len(shape) != 3
        or any(not side or side % halvings for side in shape[:2])
    ):
        raise ValueError(
            f"`{name}` must be (height, width, channels), both sides divisible "
            f"by 2 for each of `filters`, here {halvings}; `filters` must be "
            f"positive. Received: {name}={tuple(shape)}, {filters=}"
        )


def activated(x, activation, batch_normalization, dtype, index):
    """Maps, normalised or not, behind their activation."""
    if batch_normalization:
        x = keras.layers.BatchNormalization(
            momentum=0.9, dtype=dtype, name=f"norm_{index}"
        )(x)
    return keras.layers.Activation(
        activation, dtype=dtype, name=f"activation_{index}"
    )(x)
