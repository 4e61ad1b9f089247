import numpy as np
import pytest

from keras_nn.metrics import PixelAccuracy
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (4, 5, 6))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_conformance():
    check_metric(PixelAccuracy, {"num_classes": 3}, MASKS, SHARES)


def test_is_the_share_of_right_pixels_and_of_one_class_its_recall():
    right = SHARES.argmax(-1) == MASKS
    metric = PixelAccuracy(3)
    metric.update_state(MASKS, SHARES)
    assert float(metric.result()) == pytest.approx(right.mean())
    metric = PixelAccuracy(3, classes=[2])
    metric.update_state(MASKS, SHARES)
    assert float(metric.result()) == pytest.approx(right[MASKS == 2].mean())


def test_ignored_places_do_not_count():
    metric = PixelAccuracy(3, ignore_class=255)
    masks = SHARES.argmax(-1)
    masks[:, 0] = 255
    metric.update_state(masks, SHARES)
    assert float(metric.result()) == 1
