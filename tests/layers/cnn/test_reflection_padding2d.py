import numpy as np
import pytest

from keras_nn.layers import ReflectionPadding2D
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(ReflectionPadding2D, {"padding": 2}, (2, 4, 3, 2))


def test_equals_numpy():
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
    sides = ((0, 0), (2, 2), (2, 2), (0, 0))
    np.testing.assert_array_equal(
        ReflectionPadding2D(2)(x), np.pad(x, sides, mode="reflect")
    )


def test_refuses_to_cut():
    with pytest.raises(ValueError, match="Received: padding=-1"):
        ReflectionPadding2D(-1)
