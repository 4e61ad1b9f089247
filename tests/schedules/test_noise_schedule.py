import keras
import numpy as np
import pytest

from keras_nn import schedules

ALL = [
    schedules.LinearNoise(50, beta_end=0.3, power=2.0),
    schedules.CosineNoise(50, max_beta=0.9),
    schedules.SigmoidNoise(50, beta_start=1e-3),
    schedules.KarrasNoise(50, rho=5.0),
    schedules.FlowNoise(50),
    schedules.ZeroTerminalSNR(schedules.CosineNoise(50)),
]


@pytest.mark.parametrize("schedule", ALL, ids=lambda s: type(s).__name__)
def test_every_schedule_loses_signal_step_by_step_and_survives_its_config(
    schedule,
):
    alpha, sigma = schedule.levels(np.arange(50))
    assert (np.diff(alpha) < 0).all() and (np.diff(sigma) > 0).all()
    assert alpha.min() >= 0 and sigma.min() > 0
    if not isinstance(schedule, schedules.FlowNoise):
        np.testing.assert_allclose(alpha**2 + sigma**2, 1, rtol=1e-12)
    config = keras.saving.serialize_keras_object(schedule)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.get_config() == schedule.get_config()
    np.testing.assert_array_equal(
        clone.levels([7, 49]), schedule.levels([7, 49])
    )


@pytest.mark.parametrize("schedule", ALL, ids=lambda s: type(s).__name__)
def test_a_grid_falls_to_the_picture_itself(schedule):
    times, alphas, sigmas = schedule.grid(7)
    assert times.shape == (7,) and alphas.shape == sigmas.shape == (8,)
    assert (np.diff(times) < 0).all() and (np.diff(sigmas) < 0).all()
    assert (alphas[-1], sigmas[-1]) == (1, 0)
    assert times[0] == 1000 * 49 / 50  # from the level with most noise


def test_one_step_begins_at_noise():
    for spacing in ("linspace", "trailing"):
        assert schedules.LinearNoise().positions(1, spacing) == [999]


@pytest.mark.parametrize(
    "steps, spacing, message",
    [
        (0, None, r"from 1 to 50.*Received: steps=0"),
        (51, None, "from 1 to 50"),
        (1, "leading", "from 2 to 50"),
        (5, "even", "`spacing` must be one of"),
    ],
)
def test_refuses_steps_that_do_not_fit(steps, spacing, message):
    with pytest.raises(ValueError, match=message):
        ALL[0].grid(steps, spacing)


def test_refuses_a_single_level():
    with pytest.raises(ValueError, match="`steps` must be at least 2"):
        schedules.FlowNoise(1)
