"""EDM, RePaint and guidance against diffusers."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn import schedules
from keras_nn.models import DDIMSampler
from keras_nn.models import DPMSolverSampler
from keras_nn.models import EDMSampler
from keras_nn.models import Prediction
from keras_nn.models import Repainting
from keras_nn.models.diffusion.guidance import rescaled
from keras_nn.models.diffusion.repainting import repaint_path

CHURN = {
    "churn": 4.0,
    "churn_min": 0.05,
    "churn_max": 50.0,
    "noise_scale": 1.003,
}


@pytest.fixture(scope="module")
def golden():
    """What `record_diffusers_edm.py` wrote: a dict of arrays."""
    with np.load(Path(__file__).parent / "diffusers_edm.npz") as file:
        return dict(file)


def says(name, sign=1.0, sigma_data=1.0):
    prediction = Prediction(name, sigma_data)

    def denoise(noisy, time, alpha, sigma):
        said = sign * ops.tanh(noisy)
        return prediction.parts(said, noisy, alpha, sigma)

    return denoise


def drawn(golden, sampler, denoise, schedule):
    """The picture after one step and after ten, as EDM scales it."""
    times, alphas, sigmas, table = sampler.plan(schedule, 10)
    # From where diffusers begins; here the deviation of the data counts.
    start = ops.convert_to_tensor(
        golden["start"] * alphas[0] * np.sqrt(80.0**2 + 1)
    )
    found = []
    for count in (1, 10):
        if count == 1 and sampler.looks_twice:

            def look(noisy, index):
                return denoise(
                    noisy, times[index], alphas[index], sigmas[index]
                )

            noise = ops.convert_to_tensor(golden["noise"][0])
            noisy, _ = sampler.step(look, 0, 10, table[0], noise, start, None)
        else:
            noisy = sampler.loop(
                denoise, start, times, alphas, sigmas, table[:count]
            )
        found.append(np.array(noisy) / alphas[count])
    return found


def check(found, expected):
    """To a millionth."""
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("sign, name", [(1, "epsilon"), (-1, "v_prediction")])
def test_euler_with_churn(golden, sign, name, monkeypatch):
    noise = ops.convert_to_tensor(golden["noise"])
    monkeypatch.setattr(keras.random, "normal", lambda *a, **k: noise)
    sampler = EDMSampler(**CHURN, second_order=False)
    denoise = says("edm", sign, 0.5)
    expected = golden[f"edm/euler/{name}"]
    # `table` is cut after a step: the levels beyond the grid move up.
    times, alphas, sigmas, table = sampler.plan(schedules.EDMNoise(), 10)
    start = ops.convert_to_tensor(
        golden["start"] * alphas[0] * np.sqrt(80.0**2 + 1)
    )
    received = sampler.loop(denoise, start, times, alphas, sigmas, table)
    check(received, expected[-1])
    first = table[0]
    risen = first[0] * np.array(start) + first[1] * golden["noise"][0]
    clean, found = denoise(risen, times[11], alphas[11], sigmas[11])
    after = (first[2] * clean + first[3] * found) / alphas[1]
    check(after, expected[0])


def test_heun_with_churn(golden, monkeypatch):
    noise = ops.convert_to_tensor(golden["noise"])
    monkeypatch.setattr(keras.random, "normal", lambda *a, **k: noise)
    first, last = drawn(
        golden,
        EDMSampler(**CHURN),
        says("edm", 1.0, 0.5),
        schedules.EDMNoise(),
    )
    check(first, golden["edm/heun"][0])
    check(last, golden["edm/heun"][-1])


def test_dpm_solver_on_levels_of_edm(golden):
    first, last = drawn(
        golden, DPMSolverSampler(), says("edm", 1.0, 0.5), schedules.EDMNoise()
    )
    expected = golden["edm/dpm_solver"]
    check(first, expected[0])
    check(last, expected[-1])


def test_preconditioning(golden):
    schedule = schedules.EDMNoise()
    clean, start = golden["edm/clean"], golden["start"]
    _, alphas, sigmas = schedule.at_ratios(golden["edm/levels"])
    for number, (alpha, sigma) in enumerate(zip(alphas, sigmas, strict=True)):
        noisy = alpha * start
        np.testing.assert_allclose(
            noisy, golden["edm/c_in_times_start"][number], atol=1e-6
        )
        found, _ = Prediction("edm", 0.5).parts(
            golden["noise"][0], noisy, alpha, sigma
        )
        np.testing.assert_allclose(found, clean[number], atol=1e-6)


def test_levels_and_what_networks_are_told_of_them(golden):
    schedule = schedules.EDMNoise()
    times, alphas, sigmas = schedule.grid(10)
    np.testing.assert_allclose(sigmas / alphas, golden["edm/sigmas"], rtol=1e-6)
    low, high = np.log(0.002) / 4, np.log(80.0) / 4
    np.testing.assert_allclose(
        times,
        1000 * (golden["edm/c_noise"] - low) / (high - low),
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("arguments", [(20, 1, 3), (23, 5, 4), (250, 10, 10)])
def test_the_way_of_repaint(golden, arguments):
    steps, length, samples = arguments
    np.testing.assert_array_equal(
        repaint_path(steps, samples, length),
        golden[f"repaint/path_{steps}_{length}_{samples}"],
    )


def test_repaint(golden, monkeypatch):
    noise = ops.convert_to_tensor(golden["noise"][0])
    monkeypatch.setattr(keras.random, "normal", lambda *a, **k: noise)
    route = Repainting(golden["noise"][1], np.array([0.0, 1.0, 1.0]), 3, 1)
    schedule = schedules.LinearNoise(20)
    sampler = DDIMSampler(eta=1.0)
    times, alphas, sigmas, table = sampler.plan(schedule, 20)
    received = sampler.loop(
        says("epsilon"),
        ops.convert_to_tensor(golden["start"]),
        times,
        alphas,
        sigmas,
        table,
        0,
        route,
    )
    np.testing.assert_allclose(received, golden["repaint/sample"], rtol=1e-6)


def test_rescaled_guidance(golden):
    guided, asked = golden["noise"][0] * 3, golden["noise"][1]
    np.testing.assert_allclose(
        rescaled(guided, asked, 0.7), golden["rescaled"], atol=1e-6
    )
