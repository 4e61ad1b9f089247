import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DDIMSampler
from keras_nn.models import DDPMSampler
from keras_nn.models import DPMSolverSampler
from keras_nn.models import EDMSampler
from keras_nn.models import EulerAncestralSampler
from keras_nn.models import HeunSampler
from keras_nn.models import Repainting
from keras_nn.models import UniPCSampler
from keras_nn.models.diffusion.repainting import repaint_path
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import FlowNoise
from keras_nn.testing.backend import compiled

# Of two values of correlation 0.9, the first is known to be 1.
COVARIANCE = np.array([[1.0, 0.9], [0.9, 1.0]])
KNOWN = np.tile(np.array([[1.0, 0.0]], "float32"), (4000, 1))
HOLES = np.array([[0.0, 1.0]], "float32")


def knows_the_data(noisy, time, alpha, sigma):
    """The best estimates where data is N(0, COVARIANCE)."""
    total = alpha**2 * COVARIANCE + sigma**2 * np.eye(2)
    found = ops.solve(ops.cast(total, noisy.dtype), ops.transpose(noisy))
    covariance = ops.convert_to_tensor(COVARIANCE, noisy.dtype)
    clean = alpha * ops.transpose(ops.matmul(covariance, found))
    return clean, (noisy - alpha * clean) / sigma


def fill(sampler, resamplings, jump_length=5, steps=30, count=2000):
    def draw(noise):
        route = Repainting(KNOWN[:count], HOLES, resamplings, jump_length)
        return sampler(
            knows_the_data, noise, CosineNoise(), steps, seed=2, route=route
        )

    noise = keras.random.normal((count, 2), seed=1)
    return np.array(compiled(draw, [])(noise))


def test_resampling_draws_from_what_the_known_part_says():
    """N(0.9, 1 - 0.81), which plain replacement misses."""
    errors = []
    for resamplings in (1, 10):
        drawn = fill(DDPMSampler(), resamplings)
        np.testing.assert_array_equal(drawn[:, 0], 1.0)
        errors.append(abs(drawn[:, 1].mean() - 0.9))
    assert abs(drawn[:, 1].std() - np.sqrt(1 - 0.81)) < 0.08
    assert errors[1] < 0.06 < 2 * errors[1] < errors[0], errors


@pytest.mark.parametrize(
    "sampler",
    [
        DDIMSampler(),
        DPMSolverSampler(),
        EDMSampler(churn=5.0),
        EulerAncestralSampler(),
        HeunSampler(),
        UniPCSampler(),
    ],
    ids=lambda s: type(s).__name__,
)
def test_plain_replacement_with_every_sampler(sampler):
    drawn = fill(sampler, 1, count=500)
    np.testing.assert_array_equal(drawn[:, 0], 1.0)
    assert 0.2 < drawn[:, 1].mean() < 1.0  # correlated, if too little


def test_jumps_lead_back_over_noise_alone():
    noise = keras.random.normal((8, 2), seed=1)
    route = Repainting(KNOWN[:8], HOLES, 2, 4)
    drawn = DDIMSampler()(
        knows_the_data, noise, FlowNoise(), 8, seed=2, route=route
    )
    assert np.isfinite(np.array(drawn)).all()


def test_is_one_compiled_loop():
    calls = []

    def denoise(*state):
        calls.append(state)
        return knows_the_data(*state)

    def draw(noise):
        route = Repainting(KNOWN[:4], HOLES, 5, 2)
        return DDPMSampler()(
            denoise, noise, CosineNoise(), 20, seed=0, route=route
        )

    assert ops.shape(compiled(draw, [])(ops.ones((4, 2)))) == (4, 2)
    assert len(calls) <= 2


def test_every_part_is_drawn_as_often_as_asked():
    path = repaint_path(20, resamplings=3, jump_length=5)
    counts = np.bincount(path)
    # The first part, from noise alone, is drawn once.
    np.testing.assert_array_equal(counts, [1] * 5 + [3] * 15)


def test_refuses_jumps_of_samplers_that_look_back():
    for sampler in (DPMSolverSampler(), UniPCSampler()):
        with pytest.raises(ValueError, match="needs the step before"):
            fill(sampler, 2, count=2)
    with pytest.raises(ValueError, match="must be positive.*resamplings=0"):
        Repainting(KNOWN, HOLES, resamplings=0)
