import numpy as np
import pytest

from keras_nn.metrics import PeakSignalToNoise
from keras_nn.metrics import peak_signal_to_noise
from keras_nn.testing import check_metric

X, Y = np.random.default_rng(0).uniform(size=(2, 4, 3, 3, 1)).astype("float32")


def test_conformance():
    check_metric(PeakSignalToNoise, {"max_value": 2.0}, X, Y)


def test_equals_the_definition():
    error = ((X - Y) ** 2).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(
        peak_signal_to_noise(X, Y, 2.0), 10 * np.log10(4 / error), rtol=1e-5
    )


def test_equal_pictures_are_100_decibel_and_a_range_is_needed():
    np.testing.assert_allclose(peak_signal_to_noise(X, X), np.full(4, 100.0))
    with pytest.raises(ValueError, match="`max_value` must be positive"):
        PeakSignalToNoise(0)
