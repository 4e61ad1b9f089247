import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MaskedDense(keras.layers.Layer):
    """A dense layer some of whose connections are cut, the same ones for good.

    `y = activation(x @ (W * M) + b)`, where `M[i, j]` is 1 if output `j` may
    know of input `i`: if its number is at least that of the input, or with
    `strict` above it.

    Args:
        input_numbers: list of ints, one an input. MADE's degrees.
        output_numbers: list of ints, one an output.
        strict: bool. Defaults to False.
        activation: str or callable. Defaults to None, the identity.
        kernel_initializer: str or initializer. Defaults to
            `"glorot_uniform"`.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, inputs)`.

    Returns:
        A float tensor `(batch, outputs)`.

    Raises:
        ValueError: If there is not one number an input.

    Example:

    >>> layer = MaskedDense([1, 2], [1, 2], kernel_initializer="ones")
    >>> layer(ops.convert_to_tensor([[1.0, 10.0]])).numpy().tolist()
    [[1.0, 11.0]]

    Reference:
        [Germain et al., 2015](https://arxiv.org/abs/1502.03509), section 4
    """

    def __init__(
        self,
        input_numbers,
        output_numbers,
        strict=False,
        activation=None,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.input_numbers = [int(n) for n in input_numbers]
        self.output_numbers = [int(n) for n in output_numbers]
        self.strict = strict
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        if input_shape[-1] != len(self.input_numbers):
            raise ValueError(
                "`input_numbers` must hold one number an input. Received: "
                f"{len(self.input_numbers)} numbers, {input_shape[-1]} inputs"
            )
        self.kernel = self.add_weight(
            name="kernel",
            shape=(len(self.input_numbers), len(self.output_numbers)),
            initializer=self.kernel_initializer,
        )
        self.bias = self.add_weight(
            name="bias",
            shape=(len(self.output_numbers),),
            initializer="zeros",
        )
        below = np.array(self.input_numbers)[:, None]
        above = np.array(self.output_numbers)[None]
        self.known = below < above if self.strict else below <= above

    def call(self, inputs):
        mask = ops.cast(self.known, self.compute_dtype)
        outputs = ops.add(ops.matmul(inputs, self.kernel * mask), self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], len(self.output_numbers))

    def get_config(self):
        return {
            **super().get_config(),
            "input_numbers": self.input_numbers,
            "output_numbers": self.output_numbers,
            "strict": self.strict,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
