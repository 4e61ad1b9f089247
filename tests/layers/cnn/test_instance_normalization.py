import keras
import numpy as np
import pytest

from keras_nn.layers import InstanceNormalization
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(3, 5, (2, 6, 4, 3)).astype("float32")


def test_conformance():
    check_layer(InstanceNormalization, {"center": True, "scale": True}, X)


def test_is_keras_normalisation_of_groups_of_one_channel():
    theirs = keras.layers.GroupNormalization(
        -1, epsilon=1e-5, center=False, scale=False
    )
    np.testing.assert_allclose(InstanceNormalization()(X), theirs(X), atol=1e-5)
    mean, std = (f(X, axis=(1, 2), keepdims=True) for f in (np.mean, np.std))
    np.testing.assert_allclose(
        InstanceNormalization()(X), (X - mean) / std, atol=1e-4
    )


def test_a_flat_channel_stays_flat_and_no_epsilon_is_refused():
    y = InstanceNormalization()(np.full((1, 4, 4, 1), 7.0))
    np.testing.assert_array_equal(y, np.zeros((1, 4, 4, 1)))
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        InstanceNormalization(epsilon=0.0)
