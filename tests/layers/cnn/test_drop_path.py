import numpy as np
import pytest
from keras import ops

from keras_nn.layers import DropPath
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(DropPath, {"rate": 0.5}, (4, 3, 2))


def test_drops_whole_examples_and_keeps_the_mean():
    x = np.ones((4000, 3, 2), "float32")
    y = ops.convert_to_numpy(DropPath(0.25, seed=0)(x, training=True))
    first = y[:, :1, :1]
    np.testing.assert_array_equal(y, np.broadcast_to(first, y.shape))
    values, counts = np.unique(first, return_counts=True)
    np.testing.assert_allclose(values, [0.0, 1 / 0.75], rtol=1e-6)
    assert abs(counts[0] / 4000 - 0.25) < 0.03


def test_is_nothing_outside_of_training():
    x = np.ones((4, 2), "float32")
    np.testing.assert_array_equal(DropPath(0.9)(x), x)
    np.testing.assert_array_equal(DropPath(0.0)(x, training=True), x)


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_refuses_a_rate_out_of_range(rate):
    with pytest.raises(ValueError, match="Received: rate="):
        DropPath(rate)
