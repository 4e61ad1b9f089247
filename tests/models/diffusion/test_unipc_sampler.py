import numpy as np
import pytest
from keras import ops

from keras_nn.models import UniPCSampler
from keras_nn.schedules import LinearNoise


def run(clean_of_level, steps):
    """Pictures and levels from 0.1 of signal, for a denoiser of the level."""
    alphas = np.append(np.linspace(0.1, 0.9, steps), 0.95)
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
    assert errors[0] > 3 * errors[1] > 9 * errors[2] > 0


def test_clips_its_estimates():
    sampler = UniPCSampler(clip=0.5)

    def denoise(noisy, *level):
        return 3 * ops.ones_like(noisy), None

    found = sampler(denoise, ops.ones((1, 1)), LinearNoise(), 5)
    assert float(found[0, 0]) == pytest.approx(0.5)


def test_refuses_steps_that_have_no_weights():
    with pytest.raises(ValueError, match="UniPCSampler cannot take these"):
        UniPCSampler().table(np.array([0.5, 0.8, 1.0]), np.array([0, 0.6, 0]))
