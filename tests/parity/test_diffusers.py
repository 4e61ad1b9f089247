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
    "ddim": DDIMSampler(),
    "ddim_random": DDIMSampler(eta=0.5),
    "ddpm": DDPMSampler(),
    "dpm_solver": DPMSolverSampler(),
    "euler": EulerSampler(),
    "euler_ancestral": EulerAncestralSampler(),
    "heun": HeunSampler(),
    "unipc": UniPCSampler(),
}
EXPLODING = ("euler", "euler_ancestral", "heun")  # diffusers has no x0 there


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
    np.testing.assert_allclose(alpha**2, golden[f"signal/{name}"], rtol=1e-6)


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
@pytest.mark.parametrize("steps", [10, 7, 50])
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
        if prediction != "x0" or name not in EXPLODING
    ],
)
def test_one_step_and_ten_of_each_sampler(
    golden, name, prediction, monkeypatch
):
    expected = golden[f"samples/{name}/{prediction}"]
    monkeypatch.setattr(
        keras.random, "normal", lambda *args, **kwargs: fresh[:steps]
    )
    fresh = ops.convert_to_tensor(golden["noise"])
    says = Prediction(prediction)

    def denoise(noisy, time, alpha, sigma):
        return says.parts(ops.tanh(noisy), noisy, alpha, sigma)

    def look(noisy, index):
        return denoise(noisy, times[index], alphas[index], sigmas[index])

    times, alphas, sigmas = schedules.LinearNoise().grid(10)
    sampler = SAMPLERS[name]
    table = sampler.table(alphas, sigmas)
    start = ops.convert_to_tensor(golden["start"])
    # `table` is of the whole run, so that the first step is not the last.
    for steps in (1, 10):
        if steps == 1 and sampler.looks_twice:
            # diffusers counts the two looks as two steps
            received = sampler.step(
                look, 0, 10, table[0], None, start, *sampler.memory(start)
            )[0]
            after = expected[1]
        else:
            received = sampler.loop(
                denoise, start, times[:steps], alphas, sigmas, table[:steps]
            )
            after = expected[0 if steps == 1 else -1]
        np.testing.assert_allclose(received, after, rtol=1e-6, atol=1e-6)


def test_single_precision_follows(golden):
    says = Prediction("v")

    def denoise(noisy, time, alpha, sigma):
        return says.parts(ops.tanh(noisy), noisy, alpha, sigma)

    times, alphas, sigmas = schedules.LinearNoise().grid(10)
    table = DDIMSampler().table(alphas, sigmas)
    start = ops.convert_to_tensor(golden["start"], "float32")
    received = DDIMSampler().loop(denoise, start, times, alphas, sigmas, table)
    np.testing.assert_allclose(
        received, golden["samples/ddim/v"][-1], atol=3e-6
    )


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
        sigmas / alphas, golden["karras/sigmas"], rtol=1e-6
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
