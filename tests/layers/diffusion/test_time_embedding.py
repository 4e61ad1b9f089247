import numpy as np
import pytest

from keras_nn.layers import TimeEmbedding
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(TimeEmbedding, {"units": 6, "longest": 100.0}, (5,))


def test_equals_the_waves_of_the_paper():
    times = np.array([0.0, 3.0, 999.0], "float32")
    received = TimeEmbedding(4, dtype="mixed_float16")(times)
    angles = times[:, None] * np.array([1, 0.01])
    expected = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    np.testing.assert_allclose(received, expected, atol=1e-3)


def test_refuses_an_odd_number_of_features():
    with pytest.raises(ValueError, match="`units` must be even.*units=3"):
        TimeEmbedding(3)
