import numpy as np
import pytest

from keras_nn.layers import SinusoidalPositions
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(SinusoidalPositions, {"max_wavelength": 50.0}, (3, 5, 4))


def test_waves_of_the_paper_sines_first():
    received = np.array(SinusoidalPositions()(np.zeros((1, 40, 8))))[0]
    places, i = np.arange(40)[:, None], np.arange(4)[None]
    angles = places / 10_000 ** (2 * i / 8)
    expected = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    np.testing.assert_allclose(received, expected, atol=1e-4)


def test_places_may_be_given():
    layer = SinusoidalPositions()
    x = np.ones((2, 3, 4), "float32")
    whole = np.array(layer(np.ones((1, 9, 4), "float32")))[0]
    y = np.array(layer(x, positions=[[3, 4, 5], [0, 8, 8]]))
    np.testing.assert_allclose(y[0], whole[3:6], atol=1e-6)
    np.testing.assert_allclose(y[1], whole[[0, 8, 8]], atol=1e-6)


def test_refuses_an_odd_number_of_features():
    with pytest.raises(ValueError, match="Received: 5"):
        SinusoidalPositions()(np.ones((1, 2, 5)))
