import numpy as np
import pytest
from scipy import linalg

from keras_nn.metrics import FrechetDistance
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
REAL = (RNG.normal(size=(40, 3)) @ RNG.normal(size=(3, 3))).astype("float32")
DRAWN = RNG.normal(0.5, 2, size=(40, 3)).astype("float32")


def test_conformance():
    check_metric(
        FrechetDistance, {"units": 3, "extractor": "lenet5"}, REAL, DRAWN
    )


def test_equals_scipy():
    c, d = np.cov(REAL, rowvar=False), np.cov(DRAWN, rowvar=False)
    root = linalg.sqrtm(c @ d).real
    apart = np.sum((REAL.mean(0) - DRAWN.mean(0)) ** 2)
    metric = FrechetDistance(3)
    metric.update_state(REAL, DRAWN)
    np.testing.assert_allclose(
        metric.result(), apart + np.trace(c + d - 2 * root), rtol=1e-3
    )


def test_the_same_pictures_are_not_apart_and_few_are_no_fault():
    metric = FrechetDistance(5, dtype="float64")
    x = RNG.normal(size=(3, 5))  # fewer than features: singular covariances
    metric.update_state(x, x)
    assert float(metric.result()) < 1e-6
    one = FrechetDistance(2)
    one.update_state(np.ones((1, 2)), np.zeros((1, 2)))
    assert float(one.result()) == 2.0


def test_is_named_after_the_extractor():
    assert FrechetDistance(2, "lenet5").name == "frechet_distance_lenet5"
    with pytest.raises(ValueError, match="`units` must be positive"):
        FrechetDistance(0)
