import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class GlobalResponseNormalization(keras.layers.Layer):
    """Lets channels compete: strong responses grow, weak ones fade.

    `y = gamma * x * n + beta + x` with `g = norm(x)` of each map over height
    and width and `n = g / (mean(g) + epsilon)` over channels

    Args:
        epsilon: float, added to the mean. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> tuple(GlobalResponseNormalization()(ops.ones((1, 8, 8, 4))).shape)
    (1, 8, 8, 4)

    Reference:
        [Woo et al., 2023](https://arxiv.org/abs/2301.00808), section 3.2
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(
            shape=shape, initializer="zeros", name="gamma"
        )
        self.beta = self.add_weight(
            shape=shape, initializer="zeros", name="beta"
        )

    def call(self, inputs):
        # The sum of squares of a map overflows half precision.
        squares = ops.square(ops.cast(inputs, "float32"))
        total = ops.sum(squares, axis=(1, 2), keepdims=True)
        # The root has no gradient at 0, where a map is silent.
        norms = ops.sqrt(ops.maximum(total, 1e-24))
        shares = norms / (ops.mean(norms, -1, keepdims=True) + self.epsilon)
        shares = ops.cast(shares, inputs.dtype)
        return self.gamma * (inputs * shares) + self.beta + inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
