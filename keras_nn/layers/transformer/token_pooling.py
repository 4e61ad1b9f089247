import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenPooling(keras.layers.Layer):
    """One vector for all tokens of a picture.

    `y = x[0]`, `y = mean(x[prefix:])` or `y = max(x[prefix:])`

    Args:
        mode: `"cls"` (the first token), `"avg"` or `"max"` (of the patches).
        num_prefix_tokens: int. Tokens in front that are no patches. Defaults
            to 1.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`.

    Returns:
        A float tensor of shape `(batch, features)`.

    Raises:
        ValueError: if `mode` is none of the above.

    Example:

    >>> tuple(TokenPooling("avg")(ops.ones((2, 5, 8))).shape)
    (2, 8)
    """

    def __init__(self, mode, num_prefix_tokens=1, **kwargs):
        super().__init__(**kwargs)
        if mode not in ("cls", "avg", "max"):
            raise ValueError(
                f"`mode` must be 'cls', 'avg' or 'max'. Received: {mode=}"
            )
        self.mode = mode
        self.num_prefix_tokens = num_prefix_tokens
        self.input_spec = keras.InputSpec(ndim=3)

    def call(self, inputs):
        if self.mode == "cls":
            return inputs[:, 0]
        reduce = ops.mean if self.mode == "avg" else ops.max
        return reduce(inputs[:, self.num_prefix_tokens :], axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[-1]

    def get_config(self):
        return {
            **super().get_config(),
            "mode": self.mode,
            "num_prefix_tokens": self.num_prefix_tokens,
        }
