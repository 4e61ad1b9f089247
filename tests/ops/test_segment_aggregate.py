import numpy as np
import pytest

from keras_nn.ops import segment_aggregate

DATA = np.array([[1.0], [3.0], [8.0]], "float32")


def test_variance_and_median_are_among_the_ways():
    y = segment_aggregate(DATA, np.array([0, 0, 0]), 1, ["var", "median"])
    np.testing.assert_allclose(y, [[26 / 3, 3]], rtol=1e-6)


def test_refuses_a_list_of_nothing():
    with pytest.raises(ValueError, match=r"Received: aggregator=\[\]"):
        segment_aggregate(DATA, np.array([0, 0, 0]), 1, [])
