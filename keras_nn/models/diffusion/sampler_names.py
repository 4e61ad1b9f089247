"""Samplers by the names that they go by."""

from keras_nn.models.diffusion.ddim_sampler import DDIMSampler
from keras_nn.models.diffusion.ddpm_sampler import DDPMSampler
from keras_nn.models.diffusion.dpm_solver_sampler import DPMSolverSampler
from keras_nn.models.diffusion.euler_samplers import EulerAncestralSampler
from keras_nn.models.diffusion.euler_samplers import EulerSampler
from keras_nn.models.diffusion.euler_samplers import HeunSampler
from keras_nn.models.diffusion.unipc_sampler import UniPCSampler

SAMPLERS = {
    "ddim": DDIMSampler,
    "ddpm": DDPMSampler,
    "dpm-solver++": DPMSolverSampler,
    "euler": EulerSampler,
    "euler-ancestral": EulerAncestralSampler,
    "heun": HeunSampler,
    "unipc": UniPCSampler,
}


def as_sampler(sampler, clip, default="ddim"):
    """The `DiffusionSampler` that an argument means.

    Args:
        sampler: `DiffusionSampler`, the name of one, or None.
        clip: float or None, of a sampler that is named.
        default: str. Its name where there is none. Defaults to `"ddim"`.

    Raises:
        ValueError: On another name.

    Example:

    >>> as_sampler("heun", 1.0).get_config()
    {'clip': 1.0, 'spacing': None}
    """
    if sampler is not None and not isinstance(sampler, str):
        return sampler
    name = default if sampler is None else sampler
    if name not in SAMPLERS:
        raise ValueError(
            f"`sampler` must be one of {sorted(SAMPLERS)} or an object. "
            f"Received: {sampler=}"
        )
    return SAMPLERS[name](clip=clip)
