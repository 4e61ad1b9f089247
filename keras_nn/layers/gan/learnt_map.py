import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class LearntMap(keras.layers.Layer):
    """The same learnt map for every example: a map of one style each.

    Args:
        size: int. Height and width. Defaults to 4.
        filters: int. Defaults to 512.

    Call arguments:
        inputs: any tensor `(batch, ...)`, of which only the batch counts.

    Returns:
        A tensor `(batch, size, size, filters)`.

    Example:

    >>> tuple(LearntMap(4, 3)(ops.ones((2, 5))).shape)
    (2, 4, 4, 3)
    """

    def __init__(self, size=4, filters=512, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.filters = filters

    def build(self, input_shape):
        self.map = self.add_weight(
            (self.size, self.size, self.filters),
            keras.initializers.RandomNormal(stddev=1.0),
            name="map",
        )

    def call(self, inputs):
        return ops.tile(self.map[None], (ops.shape(inputs)[0], 1, 1, 1))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.size, self.size, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "filters": self.filters,
        }
