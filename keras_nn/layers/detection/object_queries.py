import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ObjectQueries(keras.layers.Layer):
    """Learnt vectors that each ask a picture for one object.

    `y = E`, the same for every picture

    Args:
        count: int. How many; a picture can have no more objects.

    Call arguments:
        inputs: float tensor `(batch, tokens, features)`, of which the batch
            and the features are taken.

    Returns:
        A float tensor `(batch, count, features)`.

    Raises:
        ValueError: if `count` is not positive.

    Example:

    >>> tuple(ObjectQueries(5)(ops.ones((2, 9, 8))).shape)
    (2, 5, 8)

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872), section 3.2.
    """

    def __init__(self, count, **kwargs):
        super().__init__(**kwargs)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.count = count

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            shape=(self.count, input_shape[-1]),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="embeddings",
        )

    def call(self, inputs):
        embeddings = ops.cast(self.embeddings, self.compute_dtype)
        shape = (ops.shape(inputs)[0], *self.embeddings.shape)
        return ops.broadcast_to(embeddings, shape)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.count, input_shape[-1]

    def get_config(self):
        return {**super().get_config(), "count": self.count}
