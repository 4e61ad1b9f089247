import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class LocalResponseNormalization(keras.layers.Layer):
    """Divides each channel by the strength of its neighbouring channels.

    `y[c] = x[c] / (bias + alpha * sum(x[c - size // 2 : c + size // 2 + 1]
    ** 2)) ** beta`

    Args:
        size: int. How many neighbouring channels, odd. Defaults to 5.
        bias: float. Defaults to 2.
        alpha: float. Defaults to 1e-4.
        beta: float. Defaults to 0.75.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `size` is even or not positive.

    Example:

    >>> tuple(LocalResponseNormalization()(ops.ones((1, 8, 8, 16))).shape)
    (1, 8, 8, 16)

    Reference:
        [Krizhevsky et al., 2012](https://papers.nips.cc/paper/4824),
        section 3.3
    """

    def __init__(self, size=5, bias=2.0, alpha=1e-4, beta=0.75, **kwargs):
        super().__init__(**kwargs)
        if size < 1 or not size % 2:
            raise ValueError(
                f"`size` must be odd and positive. Received: {size=}"
            )
        self.size = size
        self.bias = bias
        self.alpha = alpha
        self.beta = beta

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        channels = inputs.shape[-1]
        side = self.size // 2
        frame = [(0, 0)] * (len(inputs.shape) - 1) + [(side, side)]
        squares = ops.pad(ops.square(x), frame)
        total = sum(
            squares[..., start : start + channels] for start in range(self.size)
        )
        y = x * ops.power(self.bias + self.alpha * total, -self.beta)
        return ops.cast(y, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "bias": self.bias,
            "alpha": self.alpha,
            "beta": self.beta,
        }
