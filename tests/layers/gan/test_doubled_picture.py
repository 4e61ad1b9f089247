import numpy as np

from keras_nn.layers import DoubledPicture
from keras_nn.ops.fir_resampling import doubled
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype("float32")


def test_conformance():
    check_layer(DoubledPicture, {}, X)


def test_is_the_smoothed_picture_of_twice_the_size():
    np.testing.assert_array_equal(DoubledPicture()(X), doubled(X))
