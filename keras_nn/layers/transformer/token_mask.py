import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenMask(keras.layers.Layer):
    """Tells the layers behind it which tokens are there.

    `y = x`, with Keras's mask `ids != padding_id`

    Args:
        padding_id: int. The id of what is not there. Defaults to 0.

    Call arguments:
        inputs: list of a float tensor of shape `(batch, length, features)`
            and an int tensor of shape `(batch, length)`: tokens, their ids.

    Returns:
        A float tensor of shape `(batch, length, features)`.

    Example:

    >>> ids = ops.array([[5, 7, 0]])
    >>> layer = TokenMask()
    >>> mask = layer.compute_mask([ops.ones((1, 3, 4)), ids])
    >>> ops.convert_to_numpy(mask).tolist()
    [[True, True, False]]
    """

    def __init__(self, padding_id=0, **kwargs):
        super().__init__(**kwargs)
        self.padding_id = padding_id
        self.supports_masking = True

    def call(self, inputs):
        return inputs[0]

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs[1], self.padding_id)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])

    def get_config(self):
        return {**super().get_config(), "padding_id": self.padding_id}
