import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MinibatchDeviation(keras.layers.Layer):
    """Tells a discriminator how much the pictures of a batch differ.

    `y = [x, mean over features of sqrt(var over the batch of x + 1e-8)]`

    one number, the same everywhere, as one more channel. A generator that
    always draws one picture is found out by it. On replicas each looks at the
    examples of its own.

    Args:
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.

    Returns:
        A tensor `(batch, ..., channels + 1)`.

    Example:

    >>> layer = MinibatchDeviation()
    >>> round(float(layer(ops.convert_to_tensor([[0.0], [2.0]]))[0, 1]), 4)
    1.0

    Reference:
        [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 3
    """

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        # Not ops.var: the gradient of a constant batch must be finite, too.
        variance = ops.mean(
            ops.square(x - ops.mean(x, axis=0, keepdims=True)), axis=0
        )
        deviation = ops.mean(ops.sqrt(variance + 1e-8))
        one = ops.cast(deviation, inputs.dtype) * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, one], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)
