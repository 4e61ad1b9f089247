import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TokensToMap(keras.layers.Layer):
    """Puts the patches of a picture back to their places.

    `y[i, j] = x[prefix + width * i + j]`

    Args:
        height: int. Rows of the map.
        width: int. Columns of the map.
        num_prefix_tokens: int. Tokens in front to leave out. Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, num_prefix_tokens + height *
            width, features)`.

    Returns:
        A float tensor of shape `(batch, height, width, features)`.

    Raises:
        ValueError: if there are more or fewer tokens than that.

    Example:

    >>> tuple(TokensToMap(2, 3, num_prefix_tokens=1)(ops.ones((1, 7, 8))).shape)
    (1, 2, 3, 8)
    """

    def __init__(self, height, width, num_prefix_tokens=0, **kwargs):
        super().__init__(**kwargs)
        self.height = height
        self.width = width
        self.num_prefix_tokens = num_prefix_tokens
        self.input_spec = keras.InputSpec(ndim=3)

    def build(self, input_shape):
        expected = self.num_prefix_tokens + self.height * self.width
        if input_shape[1] not in (None, expected):
            raise ValueError(
                f"There must be {expected} tokens. "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs):
        patches = inputs[:, self.num_prefix_tokens :]
        shape = (-1, self.height, self.width, inputs.shape[-1])
        return ops.reshape(patches, shape)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.height, self.width, input_shape[-1]

    def get_config(self):
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "num_prefix_tokens": self.num_prefix_tokens,
        }
