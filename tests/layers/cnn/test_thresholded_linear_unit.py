import numpy as np
import pytest

from keras_nn.layers import ThresholdedLinearUnit
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 3, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(ThresholdedLinearUnit, {"initial": 0.1}, (2, 3, 4, 4))


def test_corners_are_per_channel():
    layer = ThresholdedLinearUnit()
    np.testing.assert_array_equal(layer(X), np.maximum(X, 0))
    corners = np.array([-1, 0, 0.5, 9], "float32")
    layer.tau.assign(corners)
    np.testing.assert_array_equal(layer(X), np.maximum(X, corners))


def test_refuses_unknown_channels():
    with pytest.raises(ValueError, match="must be known"):
        ThresholdedLinearUnit().build((None, None))
