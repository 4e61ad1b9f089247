import math

import keras
from keras import ops

ACTIVATIONS = (None, "leaky_relu")


@keras.saving.register_keras_serializable(package="keras_nn")
class EqualizedDense(keras.layers.Layer):
    """A dense layer that scales its kernel when it is used.

    `y = activation(x @ (W m / sqrt(inputs)) + m b)`, `W` drawn with the
    deviation `1 / m`

    All kernels are then of one size, and an optimiser that normalises
    gradients, as Adam does, moves all of them as fast; `m` slows it down.

    Args:
        units: int. Number of outputs.
        activation: str or None. `"leaky_relu"`: of slope 0.2, times the root
            of 2, which keeps the variance. Defaults to None.
        multiplier: float, `m`. Defaults to 1.
        bias_initializer: initializer of the bias as it is used. Defaults to
            `"zeros"`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ..., inputs)`.

    Returns:
        A tensor `(batch, ..., units)`.

    Raises:
        ValueError: On another activation, or if a number is not positive.

    Example:

    >>> tuple(EqualizedDense(3)(ops.ones((2, 4))).shape)
    (2, 3)

    Reference:
        [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 4.1
    """

    def __init__(
        self,
        units,
        activation=None,
        multiplier=1.0,
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_equalized(activation, units=units, multiplier=multiplier)
        self.units = units
        self.activation = activation
        self.multiplier = multiplier
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], self.units),
            keras.initializers.RandomNormal(stddev=1 / self.multiplier),
            name="kernel",
        )
        self.bias = self.add_weight(
            (self.units,),
            lambda shape, dtype: (
                self.bias_initializer(shape, dtype) / self.multiplier
            ),
            name="bias",
        )

    def call(self, inputs):
        scale = self.multiplier / math.sqrt(self.kernel.shape[0])
        x = ops.matmul(inputs, self.kernel * scale)
        return activated(x + self.bias * self.multiplier, self.activation)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "multiplier": self.multiplier,
            "bias_initializer": keras.initializers.serialize(
                self.bias_initializer
            ),
        }


def activated(x, activation):
    """`x` as it is, or leaky and of the same variance."""
    if activation is None:
        return x
    return ops.leaky_relu(x, 0.2) * math.sqrt(2)


def check_equalized(activation, **positive):
    """Raise unless the activation is known and the numbers are positive."""
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"`activation` must be one of {ACTIVATIONS}. "
            f"Received: {activation=}"
        )
    for name, value in positive.items():
        if not value > 0:
            raise ValueError(
                f"`{name}` must be positive. Received: {name}={value}"
            )
