import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DDIMSampler
from keras_nn.models import DDPMSampler
from keras_nn.models import DPMSolverSampler
from keras_nn.models import EDMSampler
from keras_nn.models import EulerAncestralSampler
from keras_nn.models import EulerSampler
from keras_nn.models import HeunSampler
from keras_nn.models import UniPCSampler
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import FlowNoise
from keras_nn.schedules import KarrasNoise
from keras_nn.schedules import LinearNoise
from keras_nn.schedules import ZeroTerminalSNR
from keras_nn.testing.backend import compiled

SAMPLERS = [
    DDIMSampler(),
    DDIMSampler(eta=1.0),
    DDPMSampler(),
    DPMSolverSampler(),
    EulerAncestralSampler(),
    EulerSampler(),
    HeunSampler(),
]
SCHEDULES = [
    CosineNoise(),
    FlowNoise(),
    KarrasNoise(),
    ZeroTerminalSNR(LinearNoise()),
]
MEAN, DEVIATION = 1.5, 0.5


def knows_the_data(noisy, time, alpha, sigma):
    """The best estimates where data is N(MEAN, DEVIATION**2)."""
    total = (alpha * DEVIATION) ** 2 + sigma**2
    away = noisy - alpha * MEAN
    clean = MEAN + alpha * DEVIATION**2 / total * away
    return clean, sigma / total * away


@pytest.mark.parametrize(
    "sampler", SAMPLERS, ids=lambda s: f"{type(s).__name__}_{s.get_config()}"
)
def test_draws_the_distribution_that_the_denoiser_knows(sampler):
    noise = keras.random.normal((2000,), seed=1)
    for schedule in SCHEDULES:
        drawn = sampler(knows_the_data, noise, schedule, 60, seed=2)
        drawn = ops.convert_to_numpy(drawn)
        where = type(schedule).__name__
        assert abs(drawn.mean() - MEAN) < 0.05, where
        assert abs(drawn.std() - DEVIATION) < 0.07, where  # 60 steps only


def test_second_order_needs_fewer_steps():
    noise = np.linspace(-2, 2, 9).astype("float32")
    _, (alpha, *_), (sigma, *_) = KarrasNoise().grid(20)
    exact = MEAN + DEVIATION * (noise - alpha * MEAN) / np.hypot(
        alpha * DEVIATION, sigma
    )

    def error(sampler):
        start = ops.convert_to_tensor(noise)
        drawn = sampler(knows_the_data, start, KarrasNoise(), 20)
        return np.abs(np.array(drawn) - exact).max()

    first = error(EulerSampler())
    assert error(HeunSampler()) < 0.5 * first
    assert error(DPMSolverSampler()) < 0.5 * first


def test_calls_the_denoiser_once_however_many_steps():
    calls = []

    def denoise(*state):
        calls.append(state)
        return knows_the_data(*state)

    def draw(noise):
        return DDIMSampler()(denoise, noise, CosineNoise(), 50)

    assert ops.shape(compiled(draw, [])(ops.ones((4,)))) == (4,)
    assert len(calls) <= 2  # traced, not unrolled


def test_clips_the_clean_estimates():
    def denoise(noisy, time, alpha, sigma):
        return 9.0 * ops.ones_like(noisy), ops.zeros_like(noisy)

    drawn = DDPMSampler(clip=1.0)(denoise, ops.ones((3,)), CosineNoise(), 5, 0)
    np.testing.assert_allclose(drawn, np.ones(3), rtol=1e-6)


def test_what_is_clipped_off_the_picture_is_noise():
    def denoise(noisy, time, alpha, sigma):
        return 9.0 * ops.ones_like(noisy), -9.0 * ops.ones_like(noisy)

    # Both of a first step: 1 of 9 is left, and the noise is found anew.
    times, alphas, sigmas = CosineNoise().grid(4)
    sampler = DDIMSampler(clip=1.0)
    table = sampler.table(alphas, sigmas)[:1]
    start = ops.ones((3,))
    drawn = sampler.loop(denoise, start, times[:1], alphas, sigmas, table)
    noise = (1 - alphas[0]) / sigmas[0]
    np.testing.assert_allclose(
        drawn, np.full(3, alphas[1] + sigmas[1] * noise), rtol=1e-5
    )


def test_the_config_holds_every_argument():
    for sampler in [*SAMPLERS, DDPMSampler(clip=2.0, spacing="leading")]:
        config = keras.saving.serialize_keras_object(sampler)
        clone = keras.saving.deserialize_keras_object(config)
        assert type(clone) is type(sampler)
        assert clone.get_config() == sampler.get_config()
        assert clone.random == sampler.random


def test_refuses_a_range_of_nothing():
    with pytest.raises(ValueError, match="`clip` must be positive.*clip=0"):
        DDIMSampler(clip=0)


@pytest.mark.parametrize(
    "sampler",
    [DDIMSampler(eta=0.5), EDMSampler(churn=2.0), UniPCSampler()],
    ids=lambda s: type(s).__name__,
)
def test_moments_of_a_way_are_its_states(sampler):
    noise = np.linspace(-2, 2, 6).reshape(2, 3).astype("float32")
    schedule = KarrasNoise()
    how = {"steps": 6, "seed": 3}
    plain = sampler(knows_the_data, noise, schedule, **how)
    way = sampler(knows_the_data, noise, schedule, moments=4, **how)
    way = ops.convert_to_numpy(way)
    assert way.shape == (4, 2, 3)
    np.testing.assert_allclose(way[-1], ops.convert_to_numpy(plain), rtol=1e-5)
    _, (alpha, *_), (sigma, *_) = schedule.grid(6)
    np.testing.assert_allclose(
        way[0], noise * np.hypot(alpha, sigma), rtol=1e-5
    )
