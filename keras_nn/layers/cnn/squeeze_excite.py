import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SqueezeExcite(keras.layers.Layer):
    """Weighs channels by what the whole picture holds of each.

    `y = x * gate(activation(mean(x) @ W1 + b1) @ W2 + b2)`, the mean over
    height and width

    Args:
        units: int. Width of the hidden layer, as a rule a quarter or a
            sixteenth of the channels.
        activation: str or callable. Of the hidden layer. Defaults to
            `"relu"`.
        gate: str or callable. What turns scores into weights. Defaults to
            `"sigmoid"`.
        kernel_initializer: initializer of both kernels. Defaults to
            `"he_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> tuple(SqueezeExcite(4)(ops.ones((1, 8, 8, 16))).shape)
    (1, 8, 8, 16)

    Reference:
        [Hu et al., 2018](https://arxiv.org/abs/1709.01507)
    """

    def __init__(
        self,
        units,
        activation="relu",
        gate="sigmoid",
        kernel_initializer="he_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.activation = keras.activations.get(activation)
        self.gate = keras.activations.get(gate)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)
        self.reduce = keras.layers.Dense(
            units,
            activation=self.activation,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="reduce",
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        self.expand = keras.layers.Dense(
            channels,
            activation=self.gate,
            # A copy: one instance would give both kernels the same start.
            kernel_initializer=keras.initializers.serialize(
                self.kernel_initializer
            ),
            dtype=self.dtype_policy,
            name="expand",
        )
        self.reduce.build((input_shape[0], channels))
        self.expand.build((input_shape[0], self.units))

    def call(self, inputs):
        weights = self.expand(self.reduce(ops.mean(inputs, axis=(1, 2))))
        return inputs * weights[:, None, None, :]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "gate": keras.activations.serialize(self.gate),
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
