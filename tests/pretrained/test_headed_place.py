import keras
import numpy as np
import pytest

from keras_nn.pretrained.headed_place import HeadedPlace


@pytest.fixture(scope="module")
def layer():
    layer = keras.layers.MultiHeadAttention(2, 3)
    layer.build((1, 4, 5), (1, 4, 5))
    for weight in layer.weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    return layer


def test_theirs_has_a_row_for_each_number_of_each_head(layer):
    kernel = layer.query_dense.kernel.numpy()
    theirs = HeadedPlace(layer.query_dense.kernel).pack()
    for head in range(2):
        for index in range(3):
            np.testing.assert_array_equal(
                theirs[3 * head + index], kernel[:, head, index]
            )
    kernel = layer.output_dense.kernel.numpy()
    theirs = HeadedPlace(layer.output_dense.kernel).pack()
    np.testing.assert_array_equal(theirs[:, 4], kernel[1, 1])


def test_what_is_packed_comes_back(layer):
    for variable in layer.weights:
        place = HeadedPlace(variable)
        packed = place.pack()
        assert packed.shape == place.shape
        ((same, value),) = place.split(packed)
        assert same is variable
        np.testing.assert_array_equal(value, variable.numpy())
        assert place.split(np.zeros((2, 2))) is None
