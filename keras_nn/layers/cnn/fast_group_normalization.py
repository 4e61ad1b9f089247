import keras
from keras import ops

from keras_nn.ops import normalize_groups


@keras.saving.register_keras_serializable(package="keras_nn")
class FastGroupNormalization(keras.layers.GroupNormalization):
    """Keras's group normalisation in fewer passes over the data.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and
    variance over the places and a group of channels of one example

    Outputs, gradients, weights and configuration are those of
    `keras.layers.GroupNormalization`; statistics are float32 under half
    precision, too. An axis other than the last goes Keras's own way.

    Args:
        **kwargs: the arguments of `keras.layers.GroupNormalization`.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: As Keras's, if the channels are no multiple of `groups`.

    Example:

    >>> layer = FastGroupNormalization(groups=4)
    >>> tuple(layer(ops.ones((2, 8, 8, 16))).shape)
    (2, 8, 8, 16)

    Reference:
        [Wu and He, 2018](https://arxiv.org/abs/1803.08494)
    """

    def call(self, inputs):
        if self.axis not in (-1, len(inputs.shape) - 1):
            return super().call(inputs)
        dtype = keras.backend.result_type(inputs.dtype, "float32")
        outputs = normalize_groups(
            ops.cast(inputs, dtype),
            self.groups,
            self.epsilon,
            ops.cast(self.gamma, dtype) if self.scale else None,
            ops.cast(self.beta, dtype) if self.center else None,
        )
        return ops.cast(outputs, self.compute_dtype)
