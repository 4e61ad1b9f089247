import keras
import numpy as np
from keras import layers

from keras_nn.explain import Saliency


def test_it_is_the_size_of_the_slope():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.layers[0].kernel.assign([[1.0], [-2.0], [0.0]])
    x = np.ones((2, 3))
    np.testing.assert_array_equal(
        Saliency(model)(x).attributions, [[1, 2, 0]] * 2
    )
    signed = Saliency(model, absolute=False)
    np.testing.assert_array_equal(signed(x).attributions, [[1, -2, 0]] * 2)
    np.testing.assert_array_equal(signed(x, 0).attributions, [[-1, 2, 0]] * 2)
