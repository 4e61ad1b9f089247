import numpy as np
import pytest
from keras import ops

from keras_nn.models import UniPCSampler
from keras_nn.schedules import LinearNoise


def run(clean_of_level, steps):
    """Pictures and levels from 0.1 of signal, for a denoiser of the level."""
    alphas = np.linspace(0.1, 0.95, steps + 1)
    sigmas = np.sqrt(1 - alphas**2)

    def denoise(noisy, time, alpha, sigma):
        clean = clean_of_level(ops.log(alpha) - ops.log(sigma))
        return clean * ops.ones_like(noisy), None

    sampler = UniPCSampler()
    table = sampler.table(alphas, sigmas)
    start = ops.ones((1, 1), "float64")
    found = sampler.loop(denoise, start, alphas, alphas, sigmas, table)
    level = np.log(alphas) - np.log(sigmas)
    return float(found[0, 0]), level, alphas, sigmas


def test_is_exact_where_estimates_are_constant():
    found, level, alphas, sigmas = run(lambda level: 0 * level + 0.3, 4)
    shrunk = sigmas[-1] / sigmas[0]
    expected = shrunk + 0.3 * (alphas[-1] - alphas[0] * shrunk)
    assert found == pytest.approx(expected, abs=1e-9)


def test_errors_fall_with_the_square_of_the_steps_or_faster():
    def exact(level, alphas, sigmas):
        # d(noisy / sigma) / d l = exp(l) * clean(l), summed finely.
        points = np.linspace(level[0], level[-1], 200001)
        values = np.exp(points) * np.tanh(points)
        middle = (values[1:] + values[:-1]) / 2
        integral = np.sum(middle * np.diff(points))
        return sigmas[-1] * (1 / sigmas[0] + integral)

    errors = []
    for steps in (10, 20, 40):
        found, *levels = run(ops.tanh, steps)
        errors.append(abs(found - exact(*levels)))
    assert errors[0] > 3 * errors[1] > 9 * errors[2] > 0, errors


def test_clips_its_estimates():
    sampler = UniPCSampler(clip=0.5)

    def denoise(noisy, *level):
        return 3 * ops.ones_like(noisy), None

    found = sampler(denoise, ops.ones((1, 1)), LinearNoise(), 5)
    assert float(found[0, 0]) == pytest.approx(0.5)


def test_what_follows_noise_alone_is_of_first_order():
    alphas = np.array([0.0, 0.5, 0.8, 0.9, 1.0])
    table = UniPCSampler().table(alphas, np.sqrt(1 - alphas**2))
    np.testing.assert_allclose(table[0, 4:], [np.sqrt(0.75), 0.5, 0])
    assert table[1, 6] == table[2, 3] == 0 != table[2, 6]
