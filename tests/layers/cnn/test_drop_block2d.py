import numpy as np
import pytest
from keras import ops

from keras_nn.layers import DropBlock2D
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(DropBlock2D, {"rate": 0.2, "block_size": 2}, (2, 5, 4, 2))


def test_drops_a_share_and_keeps_the_mean():
    x = np.ones((32, 24, 24, 4), "float32")
    layer = DropBlock2D(0.1, block_size=3, seed=0)
    y = ops.convert_to_numpy(layer(x, training=True))
    assert abs((y == 0).mean() - 0.1) < 0.02
    np.testing.assert_allclose(y.mean((1, 2, 3)), 1.0, rtol=1e-4)


def test_what_is_dropped_are_squares():
    x = np.ones((16, 12, 12, 1), "float32")
    layer = DropBlock2D(0.05, block_size=4, seed=1)
    gone = ops.convert_to_numpy(layer(x, training=True))[..., 0] == 0
    assert gone.any()
    # Every unit that is gone lies in a whole 4x4 square that is gone.
    covered = np.zeros_like(gone)
    for row in range(9):
        for column in range(9):
            square = np.s_[:, row : row + 4, column : column + 4]
            whole = gone[square].all((1, 2))
            covered[square] |= whole[:, None, None]
    np.testing.assert_array_equal(covered, gone)


def test_refuses_maps_smaller_than_a_square():
    with pytest.raises(ValueError, match="Received: input_shape="):
        DropBlock2D(0.1, block_size=7)(np.ones((1, 6, 8, 1)))
    with pytest.raises(ValueError, match="Received: rate=1"):
        DropBlock2D(1)
