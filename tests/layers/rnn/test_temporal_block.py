import numpy as np
import pytest
from keras import ops

from keras_nn.layers import TemporalBlock
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(TemporalBlock, {"filters": 3, "dilation": 2}, (2, 6, 2))


def test_no_step_sees_a_later_one_and_dilation_reaches_back():
    block = TemporalBlock(4, kernel_size=2, dilation=3)
    x = np.random.default_rng(0).normal(size=(1, 12, 4)).astype("float32")
    other = x.copy()
    other[0, 5] += 10
    before, after = (ops.convert_to_numpy(block(a))[0] for a in (x, other))
    changed = {int(i) for i in np.flatnonzero((before != after).any(axis=1))}
    assert changed <= {5, 8, 11} and changed


def test_without_convolutions_the_shortcut_is_left():
    block = TemporalBlock(2)
    x = np.array([[[1.0, -1.0], [2.0, 3.0]]], "float32")
    block.build(x.shape)
    block.set_weights([0 * weight for weight in block.get_weights()])
    np.testing.assert_allclose(block(x), np.maximum(x, 0))


def test_sizes_that_are_not_positive_are_refused():
    with pytest.raises(ValueError, match="Received: dilation=0"):
        TemporalBlock(2, dilation=0)
