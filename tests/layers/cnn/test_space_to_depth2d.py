import numpy as np
import pytest

from keras_nn.layers import SpaceToDepth2D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(SpaceToDepth2D, {"block_size": 2}, (2, 4, 6, 3))


def test_equals_the_equation():
    y = np.asarray(SpaceToDepth2D(2)(X))
    for row in range(2):
        for column in range(2):
            part = y[..., 3 * (2 * row + column) :][..., :3]
            np.testing.assert_array_equal(part, X[:, row::2, column::2])


def test_refuses_what_does_not_divide():
    with pytest.raises(ValueError, match="block_size=0"):
        SpaceToDepth2D(0)
    with pytest.raises(ValueError, match="block_size=4"):
        SpaceToDepth2D(4)(X)
