import math

import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.autoencoder.dense_encoder import hidden
from keras_nn.models.autoencoder.dense_encoder import told
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseDecoder(Backbone):
    """Dense layers from codes to pictures, told the class where there are some.

    Args:
        code_units: int. Units of a code.
        output_shape: tuple. What is said of each: the shape of a picture, its
            last axis times the `parameters_per_value` of the likelihood.
        units: list of ints. Width of each hidden layer. Defaults to
            `(200, 200)`.
        activation: str or callable of the hidden layers. Defaults to
            `"tanh"`.
        output_activation: str, callable or None. Defaults to None.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        batch_normalization: bool. Of hidden layers, before the activation.
            Defaults to False.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: tensor `(batch, code_units)`; with classes a dict of `codes`
            and `labels`, ints `(batch,)`.

    Returns:
        A tensor `(batch, *output_shape)`.

    Raises:
        ValueError: If a width is below one.

    Example:

    >>> import numpy as np
    >>> model = DenseDecoder(2, (8, 8, 1), units=[16])
    >>> model(np.zeros((3, 2))).shape
    TensorShape([3, 8, 8, 1])

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114)
    """

    def __init__(
        self,
        code_units,
        output_shape,
        units=(200, 200),
        activation="tanh",
        output_activation=None,
        num_classes=None,
        dtype=None,
        batch_normalization=False,
        **kwargs,
    ):
        if code_units < 1 or any(width < 1 for width in units):
            raise ValueError(
                "`code_units` and `units` must be positive. "
                f"Received: {code_units=}, {units=}"
            )
        codes = keras.Input((code_units,), name="codes")
        inputs, x = told(codes, codes, num_classes, dtype)
        x = hidden(x, units, activation, dtype, batch_normalization)
        x = keras.layers.Dense(
            math.prod(output_shape),
            activation=output_activation,
            dtype=dtype,
            name="values",
        )(x)
        x = keras.layers.Reshape(
            tuple(output_shape), dtype=dtype, name="pictures"
        )(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.code_units = code_units
        self.example_shape = tuple(output_shape)
        self.units = list(units)
        self.activation = activation
        self.output_activation = output_activation
        self.num_classes = num_classes
        self.batch_normalization = batch_normalization

    def get_config(self):
        return {
            **super().get_config(),
            "code_units": self.code_units,
            "output_shape": self.example_shape,
            "units": self.units,
            "activation": activation_config(self.activation),
            "output_activation": activation_config(self.output_activation),
            "num_classes": self.num_classes,
            "batch_normalization": self.batch_normalization,
        }
