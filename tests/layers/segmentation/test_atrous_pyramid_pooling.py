import numpy as np
import pytest
from keras import ops

from keras_nn.layers import AtrousPyramidPooling
from keras_nn.testing import check_layer
from keras_nn.testing import slow_but


@pytest.mark.slow
@pytest.mark.parametrize("separable", slow_but(True, of=[False, True]))
def test_conformance(separable):
    arguments = {"filters": 3, "rates": [1, 2], "separable": separable}
    check_layer(AtrousPyramidPooling, arguments, (2, 5, 4, 4))


def test_a_kernel_reaches_as_far_as_its_holes():
    layer = AtrousPyramidPooling(2, [3], norm=None, activation="linear")
    x = np.zeros((1, 9, 9, 1), "float32")
    still = ops.convert_to_numpy(layer(x))
    x[0, 4, 4] = 1
    layer.pooled.conv.kernel.assign(np.zeros((1, 1, 1, 2)))
    seen = np.abs(ops.convert_to_numpy(layer(x)) - still).sum(-1)[0] > 1e-7
    rows, columns = np.nonzero(seen)
    assert sorted(set(rows)) == sorted(set(columns)) == [1, 4, 7]


def test_dropout_is_for_training_only():
    layer = AtrousPyramidPooling(4, [1], dropout=0.9)
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(layer(x), layer(x))
    dropped = ops.convert_to_numpy(layer(x, training=True))
    assert (dropped == 0).mean() > 0.6


def test_refuses_no_rate():
    with pytest.raises(ValueError, match=r"Received: rates=\[\]"):
        AtrousPyramidPooling(rates=[])
