import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import EDMSampler
from keras_nn.models import HeunSampler
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import EDMNoise
from keras_nn.schedules import FlowNoise
from keras_nn.schedules import KarrasNoise
from keras_nn.testing.backend import compiled

MEAN, DEVIATION = 1.5, 0.5


def knows_the_data(noisy, time, alpha, sigma):
    """The best estimates where data is N(MEAN, DEVIATION**2)."""
    total = (alpha * DEVIATION) ** 2 + sigma**2
    away = noisy - alpha * MEAN
    clean = MEAN + alpha * DEVIATION**2 / total * away
    return clean, sigma / total * away


@pytest.mark.parametrize("schedule", [CosineNoise(), FlowNoise(), EDMNoise()])
def test_without_churn_it_is_heun(schedule):
    noise = keras.random.normal((5,), seed=1)
    drawn = [
        sampler(knows_the_data, noise, schedule, 8)
        for sampler in (EDMSampler(), HeunSampler())
    ]
    np.testing.assert_allclose(*drawn, rtol=1e-5)


@pytest.mark.parametrize("second_order", [True, False])
def test_draws_the_distribution_that_the_denoiser_knows(second_order):
    noise = keras.random.normal((2000,), seed=1)
    sampler = EDMSampler(churn=20.0, second_order=second_order)
    for schedule in (FlowNoise(), KarrasNoise()):
        draw = compiled(
            lambda noise, to=schedule: sampler(
                knows_the_data, noise, to, 60, seed=2
            ),
            [],
        )
        drawn = ops.convert_to_numpy(draw(noise))
        where = type(schedule).__name__
        assert abs(drawn.mean() - MEAN) < 0.05, where
        assert abs(drawn.std() - DEVIATION) < 0.07, where
        # And not by going straight from the noise that it was given.
        assert abs(np.corrcoef(drawn, noise)[0, 1]) < 0.9, where


def test_churns_only_between_its_bounds():
    sampler = EDMSampler(churn=100.0, churn_min=0.1, churn_max=10.0)
    _, alphas, sigmas, table = sampler.plan(KarrasNoise(), 10)
    ratios, risen = (sigmas / alphas)[:10], (sigmas / alphas)[11:]
    due = (ratios >= 0.1) & (ratios <= 10)
    np.testing.assert_allclose(
        risen / ratios, np.where(due, np.sqrt(2), 1), rtol=1e-9
    )
    assert due.any() and not due.all()
    np.testing.assert_array_equal(table[:, 1] > 0, due)


def test_the_config_holds_every_argument():
    sampler = EDMSampler(1.0, 0.1, 9.0, 1.1, False, 2.0, "linspace")
    config = keras.saving.serialize_keras_object(sampler)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.get_config() == sampler.get_config()
    assert clone.random and not clone.looks_twice


@pytest.mark.parametrize(
    "wrong", [{"churn": -1.0}, {"churn_min": 2.0, "churn_max": 1.0}]
)
def test_refuses_what_cannot_be(wrong):
    with pytest.raises(ValueError, match="must not be negative.*Received"):
        EDMSampler(**wrong)
