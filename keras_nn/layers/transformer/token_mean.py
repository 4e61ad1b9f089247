import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenMean(keras.layers.Layer):
    """The mean of the tokens that are there; 0 where there is none.

    `y = sum_t m_t x_t / max(1, sum_t m_t)`

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens
            are there. Keras hands it down.

    Returns:
        A float tensor of shape `(batch, features)`.

    Example:

    >>> x = ops.convert_to_tensor([[[1.0], [3.0], [9.0]]])
    >>> mask = ops.convert_to_tensor([[True, True, False]])
    >>> float(TokenMean()(x, mask=mask)[0, 0])
    2.0
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return ops.mean(inputs, axis=1)
        there = ops.cast(mask, inputs.dtype)[..., None]
        # Half precision counts to 2,048 only: the mean is one of shares.
        count = ops.sum(ops.cast(mask, "float32"), axis=1)
        share = 1 / ops.maximum(count, 1.0)[:, None, None]
        share = ops.cast(share, inputs.dtype)
        return ops.sum(inputs * there * share, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])

    def compute_mask(self, inputs, mask=None):
        return None
