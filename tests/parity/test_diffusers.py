"""Schedules, predictions and samplers against diffusers' schedulers."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn import schedules
from keras_nn.models import DDIMSampler
from keras_nn.models import DDPMSampler
from keras_nn.models import DPMSolverSampler
from keras_nn.models import EulerAncestralSampler
from keras_nn.models import EulerSampler
from keras_nn.models import HeunSampler
from keras_nn.models import Prediction
from keras_nn.models import UniPCSampler

SAMPLERS = {
    "ddim": DDIMSampler,
    "ddpm": DDPMSampler,
    "dpm_solver": DPMSolverSampler,
    "euler": EulerSampler,
    "euler_ancestral": EulerAncestralSampler,
    "heun": HeunSampler,
    "unipc": UniPCSampler,
}


@pytest.fixture(scope="module")
def golden():
    """What `record_diffusers.py` wrote: a dict of arrays."""
    with np.load(Path(__file__).parent / "diffusers.npz") as file:
        return dict(file)


@pytest.mark.parametrize(
    "name, schedule",
    [
        ("linear", schedules.LinearNoise()),
        ("scaled_linear", schedules.LinearNoise(power=2)),
        ("cosine", schedules.CosineNoise()),
        ("sigmoid", schedules.SigmoidNoise()),
        ("zero_terminal", schedules.ZeroTerminalSNR(schedules.LinearNoise())),
    ],
)
def test_signal_kept_by_each_schedule(golden, name, schedule):
    alpha, _ = schedule.levels(np.arange(1000))
    np.testing.assert_allclose(alpha**2, golden[f"signal/{name}"], atol=1e-6)


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
@pytest.mark.parametrize("steps", [10, 7])
def test_time_steps_of_each_spacing(golden, spacing, steps):
    np.testing.assert_array_equal(
        schedules.LinearNoise().positions(steps, spacing),
        golden[f"timesteps/{spacing}_{steps}"],
    )


@pytest.mark.parametrize(
    "name, prediction",
    [
        (name, prediction)
        for name in SAMPLERS
        for prediction in ("epsilon", "x0", "v")
        if prediction != "x0" or name in ("ddim", "ddpm", "dpm_solver", "unipc")
    ],
)
def test_ten_steps_of_each_sampler(golden, name, prediction, monkeypatch):
    expected = golden[f"samples/{name}/{prediction}"]
    monkeypatch.setattr(
        keras.random, "normal", lambda *args, **kwargs: fresh[:steps]
    )
    fresh = ops.convert_to_tensor(golden["noise"])
    says = Prediction(prediction)

    def denoise(noisy, time, alpha, sigma):
        return says.parts(ops.tanh(noisy), noisy, alpha, sigma)

    times, alphas, sigmas = schedules.LinearNoise().grid(10)
    sampler = SAMPLERS[name]()
    table = sampler.table(alphas, sigmas)
    start = ops.convert_to_tensor(golden["start"])
    # `table` is of the whole run, so that the first step is not the last.
    for steps, tolerance in ((1, 1e-6), (10, 1e-5)):
        if steps == 1 and sampler.looks_twice:
            continue  # diffusers counts its two looks as two steps
        received = sampler.loop(
            denoise, start, times[:steps], alphas, sigmas, table[:steps]
        )
        after = expected[0 if steps == 1 else -1]
        scale = max(1, np.abs(after).max())
        np.testing.assert_allclose(received, after, atol=tolerance * scale)


def test_flow_matching(golden):
    schedule = schedules.FlowNoise()
    _, _, sigmas = schedule.grid(10, "linspace")
    np.testing.assert_allclose(sigmas, golden["flow/sigmas"], atol=1e-6)
    says = Prediction("flow")

    def denoise(noisy, time, alpha, sigma):
        return says.parts(ops.tanh(noisy), noisy, alpha, sigma)

    received = EulerSampler(spacing="linspace")(
        denoise, ops.convert_to_tensor(golden["start"]), schedule, 10
    )
    np.testing.assert_allclose(received, golden["flow/sample"], atol=1e-6)


def test_levels_of_edm(golden):
    _, alphas, sigmas = schedules.KarrasNoise().grid(10)
    np.testing.assert_allclose(
        sigmas / alphas, golden["karras/sigmas"], rtol=1e-5
    )


def test_velocity(golden):
    clean, noise = golden["start"], golden["noise"][0]
    alpha, sigma = schedules.LinearNoise().levels([250, 999])
    alpha, sigma = alpha[:, None], sigma[:, None]
    np.testing.assert_allclose(
        alpha * clean + sigma * noise, golden["noisy"], atol=1e-6
    )
    velocity = Prediction("v").target(clean, noise, alpha, sigma)
    np.testing.assert_allclose(velocity, golden["velocity"], atol=1e-6)
