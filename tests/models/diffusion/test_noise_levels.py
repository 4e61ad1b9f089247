import numpy as np
import pytest

from keras_nn.models import Prediction
from keras_nn.models.diffusion.noise_levels import NoiseLevels
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import EDMNoise
from keras_nn.schedules import FlowNoise

SCHEDULE = CosineNoise(100)
ALPHA, SIGMA = SCHEDULE.levels(np.arange(100))


@pytest.mark.parametrize(
    "name, divisor",
    [("epsilon", (ALPHA / SIGMA) ** 2), ("x0", 1), ("v", 1 / SIGMA**2)],
)
def test_min_snr_weights_equal_those_of_the_paper(name, divisor):
    levels = NoiseLevels(SCHEDULE, Prediction(name), min_snr=5.0)
    ratio = (ALPHA / SIGMA) ** 2
    np.testing.assert_allclose(levels.weights, np.minimum(ratio, 5) / divisor)


def test_every_picture_is_noised_to_its_own_level():
    levels = NoiseLevels(SCHEDULE, Prediction("v"))
    random = np.random.default_rng(0)
    clean, noise = random.normal(size=(2, 3, 2, 2)).astype("float32")
    index = np.array([0, 50, 99])
    noisy, times, target, weights = levels.noised(clean, noise, index)
    a, s = (v[index][:, None, None] for v in (ALPHA, SIGMA))
    np.testing.assert_allclose(noisy, a * clean + s * noise, atol=1e-6)
    np.testing.assert_allclose(target, a * noise - s * clean, atol=1e-6)
    np.testing.assert_allclose(times, 10 * index)
    np.testing.assert_allclose(weights, 1)


def test_signal_at_any_time():
    levels = NoiseLevels(SCHEDULE, Prediction("v"))
    times = np.array([0.0, 500.0, 505.0, 990.0, 2000.0], "float32")
    expected = np.interp(times, 10 * np.arange(100), ALPHA)
    np.testing.assert_allclose(levels.signal(times), expected, atol=1e-6)
    levels = NoiseLevels(EDMNoise(50), Prediction("edm", 0.5))
    ratios = np.array([0.03, 0.3, 3.0])
    found = levels.signal(EDMNoise(50).at_ratios(ratios)[0])
    np.testing.assert_allclose(found, 1 / np.hypot(1, ratios), atol=5e-3)


def test_refuses_to_learn_nothing_in_noise_alone():
    with pytest.raises(ValueError, match="Received: prediction='epsilon'"):
        NoiseLevels(FlowNoise(), Prediction("epsilon"))
    with pytest.raises(ValueError, match="`min_snr` must be positive"):
        NoiseLevels(FlowNoise(), Prediction("v"), min_snr=5.0)
