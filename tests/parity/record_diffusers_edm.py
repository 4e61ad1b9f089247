"""Records EDM, RePaint and consistency sampling of diffusers.

    pip install torch diffusers
    python tests/parity/record_diffusers_edm.py

Every network is `tanh`. EDM evaluates it at the churned level (algorithm 2),
which `EDMEulerScheduler.step` is handed. All noise of RePaint is one tensor.
All is in double precision: diffusers asks for `torch.float32`, which means
another type here.
"""

from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.pipelines.stable_diffusion import pipeline_stable_diffusion
from diffusers.schedulers import scheduling_consistency_models
from diffusers.schedulers import scheduling_edm_euler
from diffusers.schedulers import scheduling_repaint
from diffusers.schedulers.deprecated import scheduling_karras_ve

STEPS = 10
CHURN = {"s_churn": 4.0, "s_tmin": 0.05, "s_tmax": 50.0, "s_noise": 1.003}

generator = torch.Generator().manual_seed(0)
START = torch.randn((2, 3), generator=generator).double()
NOISE = torch.randn((STEPS, 2, 3), generator=generator).double()
torch.set_default_dtype(torch.float64)
torch.float32 = torch.float64
found = {"start": START, "noise": NOISE}


def edm_euler(prediction):
    scheduler = diffusers.EDMEulerScheduler(prediction_type=prediction)
    scheduler.set_timesteps(STEPS)
    noises = iter(NOISE)
    scheduling_edm_euler.randn_tensor = lambda *a, **k: drawn
    sample, samples = START * (80.0**2 + 1) ** 0.5, []
    for number, time in enumerate(scheduler.timesteps):
        sigma, drawn = scheduler.sigmas[number], next(noises)
        risen, gamma = sample, 0.0
        if CHURN["s_tmin"] <= sigma <= CHURN["s_tmax"]:
            gamma = min(CHURN["s_churn"] / STEPS, 2**0.5 - 1)
            share = ((1 + gamma) ** 2 - 1) ** 0.5
            risen = sample + CHURN["s_noise"] * drawn * sigma * share
        scheduler.scale_model_input(sample, time)
        said = torch.tanh(
            scheduler.precondition_inputs(risen, sigma * (1 + gamma))
        )
        sample = scheduler.step(said, time, sample, **CHURN).prev_sample
        samples.append(sample)
    return torch.stack(samples)


def edm_dpm_solver():
    scheduler = diffusers.EDMDPMSolverMultistepScheduler()
    scheduler.set_timesteps(STEPS)
    sample, samples = START * (80.0**2 + 1) ** 0.5, []
    for time in scheduler.timesteps:
        said = torch.tanh(scheduler.scale_model_input(sample, time))
        sample = scheduler.step(said, time, sample).prev_sample
        samples.append(sample)
    return torch.stack(samples)


def edm_heun(sigmas):
    """Algorithm 2 by `KarrasVeScheduler`, on the levels of EDM."""
    scheduler = scheduling_karras_ve.KarrasVeScheduler(
        s_churn=CHURN["s_churn"],
        s_min=CHURN["s_tmin"],
        s_max=CHURN["s_tmax"],
        s_noise=CHURN["s_noise"],
    )
    scheduler.set_timesteps(STEPS)
    noises = iter(NOISE)
    scheduling_karras_ve.randn_tensor = lambda *a, **k: next(noises)
    edm = diffusers.EDMEulerScheduler()

    def slope(sample, sigma):
        said = torch.tanh(edm.precondition_inputs(sample, sigma))
        clean = edm.precondition_outputs(sample, said, sigma)
        return (clean - sample) / sigma

    sample, samples = START * (80.0**2 + 1) ** 0.5, []
    for sigma, after in zip(sigmas[:-1], sigmas[1:], strict=True):
        high, risen = scheduler.add_noise_to_input(sample, sigma)
        step = scheduler.step(slope(high, risen), risen, after, high)
        sample = step.prev_sample
        if after > 0:
            sample = scheduler.step_correct(
                slope(sample, after),
                risen,
                after,
                high,
                sample,
                step.derivative,
            ).prev_sample
        samples.append(sample)
    return torch.stack(samples)


def repaint():
    scheduler = diffusers.RePaintScheduler(
        num_train_timesteps=20, eta=1.0, clip_sample=False
    )
    scheduling_repaint.randn_tensor = lambda *a, **k: NOISE[0]
    known = NOISE[1]
    mask = torch.tensor([1.0, 0.0, 0.0])
    scheduler.set_timesteps(20, jump_length=1, jump_n_sample=3)
    sample, before = START, scheduler.timesteps[0] + 1
    for time in scheduler.timesteps:
        if time < before:
            said = torch.tanh(sample)
            sample = scheduler.step(said, time, sample, known, mask).prev_sample
        else:
            sample = scheduler.undo_step(sample, before)
        before = time
    return sample


def repaint_times(steps, length, samples):
    scheduler = diffusers.RePaintScheduler(num_train_timesteps=steps)
    scheduler.set_timesteps(steps, length, samples)
    times, before, visited = scheduler.timesteps.tolist(), steps, []
    for time in times:
        if time < before:
            visited.append(steps - 1 - time)
        before = time
    return np.array(visited)


def consistency():
    scheduler = diffusers.CMStochasticIterativeScheduler(clip_denoised=False)
    scheduler.set_timesteps(timesteps=[39, 20, 0])
    noises = iter(NOISE)
    scheduling_consistency_models.randn_tensor = lambda *a, **k: next(noises)
    sample = START * 80.0
    for time in scheduler.timesteps:
        said = torch.tanh(scheduler.scale_model_input(sample, time))
        sample = scheduler.step(said, time, sample).prev_sample
    sigmas = scheduler.sigmas[:3]
    scales = [scheduler.get_scalings_for_boundary_condition(s) for s in sigmas]
    return sigmas, np.array(scales, "float64"), sample


if __name__ == "__main__":
    print("torch", torch.__version__, "diffusers", diffusers.__version__)
    for prediction in ("epsilon", "v_prediction"):
        found[f"edm/euler/{prediction}"] = edm_euler(prediction)
    edm = diffusers.EDMEulerScheduler()
    edm.set_timesteps(STEPS)
    found["edm/sigmas"], found["edm/c_noise"] = edm.sigmas, edm.timesteps
    found["edm/dpm_solver"] = edm_dpm_solver()
    found["edm/heun"] = edm_heun(edm.sigmas)
    levels = torch.tensor([0.01, 0.5, 7.0])
    found["edm/levels"] = levels
    found["edm/c_in_times_start"] = torch.stack(
        [edm.precondition_inputs(START, s) for s in levels]
    )
    found["edm/clean"] = torch.stack(
        [edm.precondition_outputs(START, NOISE[0], s) for s in levels]
    )
    found["repaint/sample"] = repaint()
    for steps, length, samples in ((20, 1, 3), (23, 5, 4), (250, 10, 10)):
        name = f"repaint/path_{steps}_{length}_{samples}"
        found[name] = repaint_times(steps, length, samples)
    sigmas, scales, sample = consistency()
    found["consistency/sigmas"] = sigmas
    found["consistency/scales"] = scales
    found["consistency/sample"] = sample
    found["rescaled"] = pipeline_stable_diffusion.rescale_noise_cfg(
        NOISE[0] * 3, NOISE[1], 0.7
    )
    np.savez_compressed(
        Path(__file__).parent / "diffusers_edm.npz",
        **{name: np.asarray(value) for name, value in found.items()},
    )
    print(len(found), "arrays")
