import keras
import numpy as np
from keras import ops

from keras_nn.models import PixelCNN


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class CountsUp(keras.layers.Layer):
    """Is sure that each place is one more than the place before it."""

    def call(self, inputs):
        flat = ops.reshape(inputs, (-1, 6))
        before = ops.concatenate(
            [ops.zeros_like(flat[:, :1]) - 1, flat[:, :-1]], axis=1
        )
        said = 1e3 * ops.one_hot(before + 1, 8)
        return ops.reshape(said, (-1, 2, 3, 8))


def test_places_are_drawn_in_the_order_of_reading():
    inputs = keras.Input((2, 3), dtype="int32", name="pictures")
    model = PixelCNN(keras.Model(inputs, CountsUp(name="counts")(inputs)))
    drawn = model.generate(2, seed=0)
    np.testing.assert_array_equal(drawn, [np.arange(6).reshape(2, 3)] * 2)
