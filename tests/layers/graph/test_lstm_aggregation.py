import numpy as np
import pytest
from keras import ops

from keras_nn.layers import LSTMAggregation


def test_rows_beyond_the_last_are_not_read():
    data = ops.convert_to_tensor(np.random.default_rng(0).normal(size=(5, 2)))
    layer = LSTMAggregation(2)
    y = layer(data, ops.array([0, 1, 0, 0, 1]), num_segments=2)
    some = layer(data[:3], ops.array([0, 1, 0]), num_segments=2)
    np.testing.assert_allclose(y[0], some[0], atol=1e-6)


def test_refuses_no_rows():
    with pytest.raises(ValueError, match="Received: max_rows=0"):
        LSTMAggregation(0)
