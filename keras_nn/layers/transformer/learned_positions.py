import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class LearnedPositions(keras.layers.Layer):
    """Adds a learnt vector for each place to the tokens.

    `y_i = x_i + P[position_i]`

    Args:
        context_length: int. Number of places that there are vectors for.
        embeddings_initializer: Defaults to `"random_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        positions: int tensor of shape `(length,)` or `(batch, length)`, or
            None: the place of each token. Defaults to 0, 1, 2 ...

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: on more tokens than there are places.

    Example:

    >>> LearnedPositions(8)(ops.ones((2, 5, 4))).shape
    TensorShape([2, 5, 4])

    Reference:
        [Gehring et al., 2017](https://arxiv.org/abs/1705.03122)
    """

    def __init__(
        self, context_length, embeddings_initializer="random_normal", **kwargs
    ):
        super().__init__(**kwargs)
        if context_length < 1:
            raise ValueError(
                "`context_length` must be positive. "
                f"Received: {context_length=}"
            )
        self.context_length = context_length
        self.embeddings_initializer = keras.initializers.get(
            embeddings_initializer
        )
        self.supports_masking = True

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(self.context_length, input_shape[-1]),
            initializer=self.embeddings_initializer,
        )

    def call(self, inputs, positions=None):
        length = inputs.shape[1]
        if positions is None:
            if length is not None and length > self.context_length:
                raise ValueError(
                    f"There are vectors for {self.context_length} places. "
                    f"Received: {length} tokens"
                )
            # A slice of too few rows cannot be added: no id is clamped.
            return inputs + self.embeddings[: ops.shape(inputs)[1]]
        return inputs + ops.take(self.embeddings, positions, axis=0)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "context_length": self.context_length,
            "embeddings_initializer": keras.initializers.serialize(
                self.embeddings_initializer
            ),
        }
