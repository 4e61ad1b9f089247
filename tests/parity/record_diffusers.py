"""Records what diffusers' schedulers compute, as golden numbers.

    pip install torch diffusers
    python tests/parity/record_diffusers.py

The signal kept by each schedule, the time steps of each spacing, and ten
steps of each sampler with `tanh` in the place of a network, all in double
precision: diffusers asks for `torch.float32`, which means another type here.
Levels that it rounds to single precision all the same are those of the betas.
"""

from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers.schedulers import scheduling_ddim
from diffusers.schedulers import scheduling_ddpm
from diffusers.schedulers import scheduling_euler_ancestral_discrete

STEPS = 10
SPACINGS = ("linspace", "leading", "trailing")
PREDICTIONS = {"epsilon": "epsilon", "x0": "sample", "v": "v_prediction"}
VARIANCE_EXPLODING = ("euler", "euler_ancestral", "heun")

generator = torch.Generator().manual_seed(0)
START = torch.randn((2, 3), generator=generator).double()
NOISE = torch.randn((STEPS, 2, 3), generator=generator).double()
torch.set_default_dtype(torch.float64)
torch.float32 = torch.float64
RANDOM = (
    scheduling_ddim,
    scheduling_ddpm,
    scheduling_euler_ancestral_discrete,
)
ETA = 0.5
found = {"start": START, "noise": NOISE}


def schedules():
    ddim = diffusers.DDIMScheduler
    yield "linear", ddim()
    yield "scaled_linear", ddim(beta_schedule="scaled_linear")
    yield "cosine", ddim(beta_schedule="squaredcos_cap_v2")
    yield "sigmoid", diffusers.DDPMScheduler(beta_schedule="sigmoid")
    yield "zero_terminal", ddim(rescale_betas_zero_snr=True)


def spacings():
    for name in SPACINGS:
        for steps in (10, 7, 50):
            scheduler = diffusers.DDIMScheduler(timestep_spacing=name)
            scheduler.set_timesteps(steps)
            yield f"{name}_{steps}", scheduler.timesteps


def samplers():
    common = {"timestep_spacing": "trailing"}
    for prediction, theirs in PREDICTIONS.items():
        kwargs = {**common, "prediction_type": theirs}
        plain = {**kwargs, "clip_sample": False}
        yield "ddpm", prediction, diffusers.DDPMScheduler(**plain)
        yield "ddim", prediction, diffusers.DDIMScheduler(**plain)
        yield "ddim_random", prediction, diffusers.DDIMScheduler(**plain)
        yield (
            "dpm_solver",
            prediction,
            diffusers.DPMSolverMultistepScheduler(
                beta_start=1e-4, beta_end=0.02, **kwargs
            ),
        )
        yield (
            "unipc",
            prediction,
            diffusers.UniPCMultistepScheduler(
                beta_start=1e-4, beta_end=0.02, **kwargs
            ),
        )
        if prediction == "x0":
            continue
        for name, cls in (
            ("euler", diffusers.EulerDiscreteScheduler),
            ("euler_ancestral", diffusers.EulerAncestralDiscreteScheduler),
            ("heun", diffusers.HeunDiscreteScheduler),
        ):
            betas = {"beta_start": 1e-4, "beta_end": 0.02}
            yield name, prediction, cls(**betas, **kwargs)


def unrounded(scheduler):
    """Gives a scheduler its levels as they were before they were rounded."""
    kept = scheduler.alphas_cumprod
    exact = ((1 - kept) / kept) ** 0.5
    found = scheduler.sigmas.double()
    nearest = exact[(found[:, None] - exact).abs().argmin(dim=1)]
    scheduler.sigmas = torch.where(found > 0, nearest, 0.0)


def run(name, scheduler):
    """Every sample of ten steps, as a variance-preserving process."""
    noises = iter(NOISE)
    for module in RANDOM:
        module.randn_tensor = lambda *args, **kwargs: next(noises)
    scheduler.set_timesteps(STEPS)
    if hasattr(scheduler, "sigmas"):
        unrounded(scheduler)
    exploding = name in VARIANCE_EXPLODING
    sample, samples = START, []
    if exploding:
        sample = sample * (1 + scheduler.sigmas[0] ** 2) ** 0.5
    how = {"eta": ETA} if name == "ddim_random" else {}
    for time in scheduler.timesteps:
        output = torch.tanh(scheduler.scale_model_input(sample, time))
        sample = scheduler.step(output, time, sample, **how).prev_sample
        sigma = scheduler.sigmas[scheduler.step_index] if exploding else 0
        samples.append(sample / (1 + sigma**2) ** 0.5)
    return torch.stack(samples)


if __name__ == "__main__":
    print("torch", torch.__version__, "diffusers", diffusers.__version__)
    for name, scheduler in schedules():
        found[f"signal/{name}"] = scheduler.alphas_cumprod
    for name, timesteps in spacings():
        found[f"timesteps/{name}"] = timesteps
    for name, prediction, scheduler in samplers():
        found[f"samples/{name}/{prediction}"] = run(name, scheduler)
    flow = diffusers.FlowMatchEulerDiscreteScheduler()
    flow.set_timesteps(STEPS)
    found["flow/sigmas"] = flow.sigmas
    sample = START
    for time in flow.timesteps:
        sample = flow.step(torch.tanh(sample), time, sample).prev_sample
    found["flow/sample"] = sample
    edm = diffusers.EDMEulerScheduler()
    edm.set_timesteps(STEPS)
    found["karras/sigmas"] = edm.sigmas
    times = torch.tensor([250, 999])
    ddim = diffusers.DDIMScheduler()
    found["velocity"] = ddim.get_velocity(START, NOISE[0], times)
    found["noisy"] = ddim.add_noise(START, NOISE[0], times)
    np.savez_compressed(
        Path(__file__).parent / "diffusers.npz",
        **{name: np.asarray(value) for name, value in found.items()},
    )
    print(len(found), "arrays")
