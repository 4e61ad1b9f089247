import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class EvoNorm2DB0(keras.layers.Layer):
    """Normalisation and activation in one, found by search, by the batch.

    `y = x / max(s_batch(x), v x + s_picture(x)) * gamma + beta`

    with the standard deviations `s` of a channel over the batch and its
    places, and over the places of each picture.

    Args:
        momentum: float. Share of the moving variance that a step keeps.
            Defaults to 0.9.
        epsilon: float, added to variances. Defaults to 1e-3.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to take the variance of the batch, and update
            the moving one.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> tuple(EvoNorm2DB0()(ops.ones((2, 4, 4, 3))).shape)
    (2, 4, 4, 3)

    Reference:
        [Liu et al., 2020](https://arxiv.org/abs/2004.02967)
    """

    def __init__(self, momentum=0.9, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(
                f"`momentum` must lie in [0, 1). Received: {momentum=}"
            )
        self.momentum = momentum
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")
        self.slope = self.add_weight(shape, "ones", name="slope")
        self.moving_variance = self.add_weight(
            shape,
            "ones",
            trainable=False,
            aggregation="mean",
            autocast=False,
            name="moving_variance",
        )

    def call(self, inputs, training=None):
        x = ops.cast(inputs, "float32")
        variance = self.moving_variance
        if training and self.trainable:
            variance = ops.var(x, axis=(0, 1, 2))
            kept = self.momentum * self.moving_variance
            self.moving_variance.assign(kept + (1 - self.momentum) * variance)
        of_batch = ops.sqrt(variance + self.epsilon)
        of_picture = ops.var(x, axis=(1, 2), keepdims=True)
        of_picture = ops.sqrt(of_picture + self.epsilon)
        gamma, beta, slope = (
            ops.cast(weight, "float32")
            for weight in (self.gamma, self.beta, self.slope)
        )
        y = x / ops.maximum(of_batch, slope * x + of_picture)
        return ops.cast(y * gamma + beta, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
        }
