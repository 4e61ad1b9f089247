import keras
import numpy as np
import pytest

from keras_nn.layers import NoiseDropout
from keras_nn.testing import check_layer


def test_conformance():
    # A file does not hold what will be drawn.
    check_layer(NoiseDropout, {"rate": 0.0}, (4, 3))


def test_drops_its_share_when_the_network_is_used():
    model = keras.Sequential([keras.Input((1000,)), NoiseDropout(0.25)])
    x = np.ones((20, 1000), "float32")
    first, other = (model.predict(x, verbose=0) for _ in range(2))
    assert abs((first == 0).mean() - 0.25) < 0.01
    assert first.mean() == pytest.approx(1.0, abs=0.02)
    assert (first != other).mean() > 0.3


def test_a_seed_begins_the_draws_anew():
    layer, x = NoiseDropout(0.5), np.ones((2, 9), "float32")
    layer.sow(3)
    first = np.asarray(layer(x))
    assert np.abs(first - layer(x)).max() > 0
    layer.sow(3)
    np.testing.assert_array_equal(first, layer(x))


def test_without_a_rate_nothing_is_drawn_and_a_wrong_one_is_refused():
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(NoiseDropout(0.0)(x), x)
    with pytest.raises(ValueError, match="`rate` must be from 0.*rate=1"):
        NoiseDropout(1)
