import keras
import numpy as np
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import sum_of_each
from keras_nn.layers.flow.masked_dense import MaskedDense
from keras_nn.layers.flow.value_transform import get_transform


@keras.saving.register_keras_serializable(package="keras_nn")
class Autoregressive(FlowLayer):
    """Each value changes as a masked network says that sees those before it.

    `z_i = T(x_i; MADE_i(x_1 ... x_(i-1), c))`, with a triangular Jacobian.
    MAF with affine transforms: a density takes one pass of the network,
    drawing as many as there are values. `Inverted`, it is IAF.

    Args:
        units: list of ints. Width of each hidden layer. Defaults to
            `(64, 64)`.
        transform: str or `ValueTransform`. Defaults to `"affine"`.
        reverse: bool. Whether the last value is the first. Defaults to False.
        activation: str or callable of the hidden layers. Defaults to
            `"relu"`.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, values)`.
        condition: float tensor `(batch, units)` or None, seen by all values.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: On inputs that are no rows of values, or without hidden
            layers.

    Example:

    >>> layer = Autoregressive([16])
    >>> z, log_det = layer(ops.ones((2, 4)))
    >>> x, _ = layer(z, inverse=True)
    >>> bool(ops.all(ops.abs(x - 1) < 1e-5))
    True

    Reference:
        [Papamakarios et al., 2017](https://arxiv.org/abs/1705.07057)
    """

    def __init__(
        self,
        units=(64, 64),
        transform="affine",
        reverse=False,
        activation="relu",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not units or any(width < 1 for width in units):
            raise ValueError(
                f"`units` must hold positive widths. Received: {units=}"
            )
        self.units = [int(width) for width in units]
        self.transform = get_transform(transform)
        self.reverse = reverse
        self.activation = keras.activations.get(activation)

    def build(self, inputs_shape, condition_shape=None):
        if len(inputs_shape) != 2:
            raise ValueError(
                "Autoregressive takes rows (batch, values). "
                f"Received: shape {tuple(inputs_shape)}"
            )
        self.values = inputs_shape[-1]
        order = np.arange(1, self.values + 1)
        order = order[::-1] if self.reverse else order
        most = max(self.values - 1, 1)
        below, width = order, self.values
        self.hidden = []
        for index, wide in enumerate(self.units):
            numbers = 1 + np.arange(wide) % most
            layer = MaskedDense(
                below, numbers, dtype=self.dtype_policy, name=f"hidden_{index}"
            )
            layer.build((None, width))
            self.hidden.append(layer)
            below, width = numbers, wide
        self.told = None
        if condition_shape is not None:
            self.told = keras.layers.Dense(
                self.units[0],
                use_bias=False,
                dtype=self.dtype_policy,
                name="told",
            )
            self.told.build(condition_shape)
        self.head = MaskedDense(
            below,
            np.repeat(order, self.transform.parameters_per_value),
            strict=True,
            kernel_initializer="zeros",
            dtype="float32",
            name="head",
        )
        self.head.build((None, width))

    def _parameters(self, x, condition):
        for index, layer in enumerate(self.hidden):
            x = layer(x)
            if not index and self.told is not None:
                x = x + self.told(condition)
            x = self.activation(x)
        said = self.head(ops.cast(x, "float32"))
        count = self.transform.parameters_per_value
        return ops.reshape(said, (-1, self.values, count))

    def forward(self, inputs, condition=None, training=None):
        parameters = self._parameters(inputs, condition)
        outputs, log_slopes = self.transform.forward(inputs, parameters)
        return outputs, sum_of_each(log_slopes)

    def backward(self, inputs, condition=None, training=None):
        x = ops.zeros_like(inputs)
        # After pass k the first k values are right, and stay so.
        for _ in range(self.values):
            parameters = self._parameters(x, condition)
            x, log_slopes = self.transform.backward(inputs, parameters)
        return x, sum_of_each(log_slopes)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "transform": keras.saving.serialize_keras_object(self.transform),
            "reverse": self.reverse,
            "activation": keras.activations.serialize(self.activation),
        }
