import numpy as np
import pytest

from keras_nn.metrics import OnLuminance
from keras_nn.metrics import PeakSignalToNoise
from keras_nn.metrics import StructuralSimilarity
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
TRUE = RNG.uniform(0, 255, (3, 24, 24, 3)).astype("float32")
SAID = (TRUE + RNG.normal(0, 20, TRUE.shape)).astype("float32")


def bright(x, border):
    x = np.clip(x, 0, 255) @ np.array([65.481, 128.553, 24.966]) / 255 + 16
    return x[:, border:-border, border:-border]


def psnr(a, b):
    return 10 * np.log10(255**2 / ((a - b) ** 2).mean(axis=(1, 2)))


def test_conformance():
    check_metric(OnLuminance, {"metric": PeakSignalToNoise(255.0)}, TRUE, SAID)


def test_equals_the_definition_without_margins():
    metric = OnLuminance(PeakSignalToNoise(255.0), border=3)
    metric.update_state(TRUE, SAID)
    expected = psnr(bright(TRUE, 3), bright(SAID, 3)).mean()
    assert float(metric.result()) == pytest.approx(expected, abs=1e-3)
    metric.reset_state()
    assert float(metric.result()) == 0
    alike = OnLuminance(StructuralSimilarity(255.0), border=2)
    alike.update_state(TRUE, TRUE + 0)
    assert float(alike.result()) == pytest.approx(1, abs=1e-6)


def test_refuses_a_negative_border():
    with pytest.raises(ValueError, match="Received: border=-1"):
        OnLuminance(PeakSignalToNoise(), border=-1)
