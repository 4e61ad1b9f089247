import numpy as np
import pytest

from keras_nn.losses import HeatmapFocal
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MAPS = RNG.uniform(0, 0.9, (3, 4, 5, 2)).astype("float32")
MAPS[0, 1, 1, 0] = MAPS[0, 2, 2, 1] = MAPS[1, 3, 3, 1] = 1
SHARES = RNG.uniform(0.05, 0.95, MAPS.shape).astype("float32")


def naive(heatmap, shares):
    total, points = 0.0, 0
    for y, p in zip(heatmap.ravel(), shares.ravel(), strict=True):
        if y == 1:
            points += 1
            total -= (1 - p) ** 2 * np.log(p)
        else:
            total -= (1 - y) ** 4 * p**2 * np.log(1 - p)
    return total / max(points, 1)


def test_conformance():
    check_loss(HeatmapFocal, {}, MAPS, SHARES)


def test_equals_the_equation_also_without_any_key_point():
    expected = [naive(*pair) for pair in zip(MAPS, SHARES, strict=True)]
    loss = HeatmapFocal(reduction="none")
    np.testing.assert_allclose(loss(MAPS, SHARES), expected, rtol=1e-4)
    loss = HeatmapFocal(from_logits=True, reduction="none")
    logits = np.log(SHARES / (1 - SHARES))
    np.testing.assert_allclose(loss(MAPS, logits), expected, rtol=1e-4)


def test_a_false_alarm_close_to_a_key_point_costs_less():
    near, far = np.array([[[1.0, 0.9, 0.0]]]), np.array([[[1.0, 0.0, 0.9]]])
    shares = np.array([[[0.9, 0.8, 0.1]]])
    assert float(HeatmapFocal()(near, shares)) < 0.1 * float(
        HeatmapFocal()(far, shares)
    )


def test_rejects_a_negative_focus():
    with pytest.raises(ValueError, match="`alpha` and `beta` must not be"):
        HeatmapFocal(alpha=-1.0)
