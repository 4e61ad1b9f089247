import math

import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseEncoder(Backbone):
    """Dense layers from pictures to codes, told the class where there are some.

    Args:
        input_shape: tuple. Shape of a picture, or of any other example.
        output_units: int. Numbers said of each: the units of a code, or for a
            `VAE` twice as many, the means and then the log variances.
        units: list of ints. Width of each hidden layer. Defaults to
            `(200, 200)`.
        activation: str or callable of the hidden layers. Defaults to
            `"tanh"`.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        batch_normalization: bool. Of hidden layers, before the activation.
            Defaults to False.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: tensor `(batch, ...)`; with classes a dict of `pictures` and
            `labels`, ints `(batch,)`.

    Returns:
        A tensor `(batch, output_units)`.

    Raises:
        ValueError: If a width is below one.

    Example:

    >>> import numpy as np
    >>> model = DenseEncoder((8, 8, 1), output_units=4, units=[16])
    >>> model(np.zeros((2, 8, 8, 1))).shape
    TensorShape([2, 4])

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)
    """

    def __init__(
        self,
        input_shape,
        output_units,
        units=(200, 200),
        activation="tanh",
        num_classes=None,
        dtype=None,
        batch_normalization=False,
        **kwargs,
    ):
        if output_units < 1 or any(width < 1 for width in units):
            raise ValueError(
                "`output_units` and `units` must be positive. "
                f"Received: {output_units=}, {units=}"
            )
        pictures = keras.Input(input_shape, name="pictures")
        x = pictures
        if len(input_shape) > 1:
            x = keras.layers.Reshape(
                (math.prod(input_shape),), dtype=dtype, name="flatten"
            )(x)
        inputs, x = told(pictures, x, num_classes, dtype)
        x = hidden(x, units, activation, dtype, batch_normalization)
        x = keras.layers.Dense(output_units, dtype=dtype, name="code")(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.output_units = output_units
        self.example_shape = tuple(input_shape)
        self.units = list(units)
        self.activation = activation
        self.num_classes = num_classes
        self.batch_normalization = batch_normalization

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.example_shape,
            "output_units": self.output_units,
            "units": self.units,
            "activation": activation_config(self.activation),
            "num_classes": self.num_classes,
            "batch_normalization": self.batch_normalization,
        }


def told(start, x, num_classes, dtype):
    """The inputs of a network, and `x` with the class beside it.

    Args:
        start: `keras.Input` that is named.
        x: Keras tensor `(batch, units)`.
        num_classes: int or None.
        dtype: str or dtype policy of the layers.
    """
    if num_classes is None:
        return start, x
    labels = keras.Input((), dtype="int32", name="labels")
    table = keras.layers.Embedding(
        num_classes + 1,
        16,
        embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0),
        dtype=dtype,
        name="classes",
    )
    x = keras.layers.Concatenate(dtype=dtype, name="told")([x, table(labels)])
    return {start.name: start, "labels": labels}, x


def hidden(
    x, units, activation, dtype, batch_normalization=False, first_index=0
):
    """Dense layers one after the other.

    Args:
        x: Keras tensor `(batch, units)`.
        units: list of ints. Width of each.
        activation: str or callable.
        dtype: str or dtype policy of the layers.
        batch_normalization: bool. Whether their sums are normalised before
            the activation. Defaults to False.
        first_index: int. Number of the first in the names. Defaults to 0.
    """
    for index, width in enumerate(units, first_index):
        if not batch_normalization:
            x = keras.layers.Dense(
                width,
                activation=activation,
                dtype=dtype,
                name=f"hidden_{index}",
            )(x)
            continue
        x = keras.layers.Dense(
            width, use_bias=False, dtype=dtype, name=f"hidden_{index}"
        )(x)
        x = keras.layers.BatchNormalization(
            momentum=0.9, dtype=dtype, name=f"norm_{index}"
        )(x)
        x = keras.layers.Activation(
            activation, dtype=dtype, name=f"activation_{index}"
        )(x)
    return x
