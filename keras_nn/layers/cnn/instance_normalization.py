import keras
from keras import ops

from keras_nn.ops import normalize_groups


@keras.saving.register_keras_serializable(package="keras_nn")
class InstanceNormalization(keras.layers.Layer):
    """Gives each channel of each picture the mean 0 and the variance 1.

    `y = gamma (x - mean(x)) / sqrt(var(x) + epsilon) + beta`, mean and
    variance over the places of one picture

    What `keras.layers.GroupNormalization(-1)` computes, in fewer operations.

    Args:
        epsilon: float, added to variances. Defaults to 1e-5.
        center: bool. Whether there is a `beta`. Defaults to False.
        scale: bool. Whether there is a `gamma`. Defaults to False.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A tensor of the same shape.

    Raises:
        ValueError: If `epsilon` is not positive.

    Example:

    >>> x = ops.reshape(ops.convert_to_tensor([1.0, 3.0]), (1, 1, 2, 1))
    >>> InstanceNormalization()(x).numpy().ravel().round(3).tolist()
    [-1.0, 1.0]

    Reference:
        [Ulyanov et al., 2016](https://arxiv.org/abs/1607.08022)
    """

    def __init__(self, epsilon=1e-5, center=False, scale=False, **kwargs):
        super().__init__(**kwargs)
        if not epsilon > 0:
            raise ValueError(
                f"`epsilon` must be positive. Received: {epsilon=}"
            )
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1:]
        if self.scale:
            self.gamma = self.add_weight(channels, "ones", name="gamma")
        if self.center:
            self.beta = self.add_weight(channels, "zeros", name="beta")

    def call(self, inputs):
        # Half precision has no squares of such size.
        dtype = keras.backend.result_type(inputs.dtype, "float32")
        outputs = normalize_groups(
            ops.cast(inputs, dtype),
            inputs.shape[-1],
            self.epsilon,
            ops.cast(self.gamma, dtype) if self.scale else None,
            ops.cast(self.beta, dtype) if self.center else None,
        )
        return ops.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
        }
