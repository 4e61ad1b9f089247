import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class FilterResponseNormalization(keras.layers.Layer):
    """Divides each channel of each picture by its root mean square.

    `y = gamma x / sqrt(mean(x^2) + epsilon) + beta`, the mean over places

    It looks at no other picture, so the size of a batch does not matter.
    `ThresholdedLinearUnit` is made to follow it, since nothing centres `x`.

    Args:
        epsilon: float, added to mean squares. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `epsilon` is not positive.

    Example:

    >>> x = ops.ones((1, 4, 4, 3)) * 8.0
    >>> round(float(ops.max(FilterResponseNormalization()(x))), 4)
    1.0

    Reference:
        [Singh and Krishnan, 2020](https://arxiv.org/abs/1911.09737)
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        if epsilon <= 0:
            raise ValueError(
                f"`epsilon` must be positive. Received: {epsilon=}"
            )
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        squares = ops.mean(ops.square(x), axis=(1, 2), keepdims=True)
        y = x * ops.rsqrt(squares + self.epsilon)
        gamma, beta = (
            ops.cast(weight, "float32") for weight in (self.gamma, self.beta)
        )
        return ops.cast(y * gamma + beta, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
