import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class EvoNorm2DS0(keras.layers.Layer):
    """Normalisation and activation in one, found by search, by the picture.

    `y = x sigmoid(v x) / s_group(x) * gamma + beta`

    with the standard deviation `s` of a picture's places and the channels of
    a group.

    Args:
        groups: int. It divides the channels. Defaults to 32.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `groups` does not divide the channels.

    Example:

    >>> tuple(EvoNorm2DS0(2)(ops.ones((1, 4, 4, 6))).shape)
    (1, 4, 4, 6)

    Reference:
        [Liu et al., 2020](https://arxiv.org/abs/2004.02967)
    """

    def __init__(self, groups=32, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if groups < 1:
            raise ValueError(f"`groups` must be positive. Received: {groups=}")
        self.groups = groups
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        if channels % self.groups:
            raise ValueError(
                "`groups` must divide the channels. Received: "
                f"groups={self.groups}, input_shape={input_shape}"
            )
        self.gamma = self.add_weight((channels,), "ones", name="gamma")
        self.beta = self.add_weight((channels,), "zeros", name="beta")
        self.slope = self.add_weight((channels,), "ones", name="slope")

    def call(self, inputs):
        _, height, width, channels = ops.shape(inputs)
        x = ops.cast(inputs, "float32")
        inner = channels // self.groups
        groups = ops.reshape(x, (-1, height, width, self.groups, inner))
        variance = ops.var(groups, axis=(1, 2, 4), keepdims=True)
        scale = ops.rsqrt(variance + self.epsilon)
        gamma, beta, slope = (
            ops.cast(weight, "float32")
            for weight in (self.gamma, self.beta, self.slope)
        )
        y = x * ops.sigmoid(slope * x)
        y = ops.reshape(y, ops.shape(groups)) * scale
        y = ops.reshape(y, (-1, height, width, channels)) * gamma + beta
        return ops.cast(y, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "groups": self.groups,
            "epsilon": self.epsilon,
        }
