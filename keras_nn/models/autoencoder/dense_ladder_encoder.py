import math

import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.autoencoder.dense_encoder import hidden
from keras_nn.models.autoencoder.dense_encoder import told
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseLadderEncoder(Backbone):
    """Dense layers from pictures up, which say a code of every height.

    `d_i = f(d_(i-1) @ W_i + b_i)`; `y_i = d_i @ V_i + c_i`, the picture being
    `d_0`: the upward pass of a `LadderVAE`.

    Args:
        input_shape: tuple. Shape of a picture, or of any other example.
        output_units: list of ints. Numbers said at each height, from the
            lowest up; for a `LadderVAE` twice the units of its codes.
        units: list of ints, as many. Width of each hidden layer.
        activation: str or callable of the hidden layers. Defaults to
            `"leaky_relu"`.
        batch_normalization: bool. Of hidden layers, before the activation.
            Defaults to True.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: tensor `(batch, ...)`; with classes a dict of `pictures` and
            `labels`, ints `(batch,)`.

    Returns:
        A list of tensors `(batch, output_units[i])`; of one height, which
        Keras unwraps, the tensor.

    Raises:
        ValueError: If the lists differ in length, or a width is below one.

    Example:

    >>> import numpy as np
    >>> model = DenseLadderEncoder((8, 8, 1), [8, 4], units=[16, 8])
    >>> [tuple(y.shape) for y in model(np.zeros((2, 8, 8, 1)))]
    [(2, 8), (2, 4)]

    Reference:
        [Sonderby et al., 2016](https://arxiv.org/abs/1602.02282)
    """

    def __init__(
        self,
        input_shape,
        output_units,
        units,
        activation="leaky_relu",
        batch_normalization=True,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        if len(units) != len(output_units) or min(*units, *output_units) < 1:
            raise ValueError(
                "`output_units` and `units` must be positive, and as many of "
                f"one as of the other. Received: {output_units=}, {units=}"
            )
        pictures = keras.Input(input_shape, name="pictures")
        x = pictures
        if len(input_shape) > 1:
            x = keras.layers.Reshape(
                (math.prod(input_shape),), dtype=dtype, name="flatten"
            )(x)
        inputs, x = told(pictures, x, num_classes, dtype)
        outputs = []
        for index, (width, said) in enumerate(
            zip(units, output_units, strict=True)
        ):
            x = hidden(
                x, [width], activation, dtype, batch_normalization, index
            )
            code = keras.layers.Dense(said, dtype=dtype, name=f"code_{index}")
            outputs.append(code(x))
        super().__init__(inputs, outputs, dtype=dtype, **kwargs)

        self.output_units = list(output_units)
        self.example_shape = tuple(input_shape)
        self.units = list(units)
        self.activation = activation
        self.batch_normalization = batch_normalization
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.example_shape,
            "output_units": self.output_units,
            "units": self.units,
            "activation": activation_config(self.activation),
            "batch_normalization": self.batch_normalization,
            "num_classes": self.num_classes,
        }
