import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DDIMSampler
from keras_nn.models import DDPMSampler
from keras_nn.schedules import CosineNoise

ALPHAS = np.array([0.1, 0.5, 0.8, 1])
SIGMAS = np.sqrt(1 - ALPHAS**2)


def draw(eta, seed):
    def denoise(noisy, time, alpha, sigma):
        noise = ops.tanh(noisy)
        return (noisy - sigma * noise) / alpha, noise

    start = keras.random.normal((3,), seed=0)
    return np.array(DDIMSampler(eta)(denoise, start, CosineNoise(), 5, seed))


def test_is_deterministic_without_eta_and_random_with():
    np.testing.assert_array_equal(draw(0.0, seed=1), draw(0.0, seed=2))
    assert np.abs(draw(1.0, seed=1) - draw(1.0, seed=2)).max() > 1e-3


def test_eta_one_is_ddpm():
    # The same mean of a true pair: noisy = alpha * clean + sigma * noise.
    clean, noise = 0.3, -1.2
    noisy = ALPHAS[:-1] * clean + SIGMAS[:-1] * noise
    means = []
    for sampler in (DDIMSampler(eta=1.0), DDPMSampler()):
        table = sampler.table(ALPHAS, SIGMAS)
        means.append(table[:, 0] * noisy + table[:, 1] * clean)
        means[-1] += table[:, 2] * noise
        assert table[:, 4].max() > 0.1
    np.testing.assert_allclose(*means, rtol=1e-9)


def test_refuses_more_than_all_the_noise():
    with pytest.raises(ValueError, match=r"`eta` must be in \[0, 1\]"):
        DDIMSampler(eta=1.5)
