import numpy as np

from keras_nn.models import EulerAncestralSampler
from keras_nn.models import EulerSampler
from keras_nn.models import HeunSampler

ALPHAS = np.array([0.3, 0.5, 0.8, 1])
SIGMAS = np.sqrt(1 - ALPHAS**2)
RATIOS = SIGMAS / ALPHAS


def test_euler_equals_its_step_of_the_flow():
    noisy, clean = 0.7, 0.2
    noise = (noisy - ALPHAS[0] * clean) / SIGMAS[0]
    y = noisy / ALPHAS[0] + (RATIOS[1] - RATIOS[0]) * noise
    row = EulerSampler().table(ALPHAS, SIGMAS)[0]
    np.testing.assert_allclose(row[1] * clean + row[2] * noise, ALPHAS[1] * y)


def test_ancestral_steps_keep_the_noise_of_their_level():
    table = EulerAncestralSampler().table(ALPHAS, SIGMAS)
    np.testing.assert_allclose(
        table[:, 2] ** 2 + table[:, 4] ** 2, SIGMAS[1:] ** 2
    )


def test_heun_takes_the_mean_of_two_slopes():
    clean, noise, later = 0.2, 0.9, 0.4
    y = clean + RATIOS[0] * noise
    y = y + (RATIOS[1] - RATIOS[0]) * (noise + later) / 2
    row = HeunSampler().table(ALPHAS, SIGMAS)[0]
    received = row[1] * clean + row[2] * noise + row[5] * (later - noise)
    np.testing.assert_allclose(received, ALPHAS[1] * y)


def test_heun_ends_and_begins_in_noise_alone_with_a_step_of_euler():
    alphas = np.array([0, 0.5, 0.8, 1])
    table = HeunSampler().table(alphas, np.sqrt(1 - alphas**2))
    assert table[0, 5] == table[-1, 5] == 0 != table[1, 5]
