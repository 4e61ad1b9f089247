import keras
import numpy as np
from keras import ops

from keras_nn.models.diffusion.sampler import DiffusionSampler


@keras.saving.register_keras_serializable(package="keras_nn")
class EDMSampler(DiffusionSampler):
    """EDM's stochastic sampler: back into a little more noise, then Heun.

    With `r` the noise over the signal and `y = noisy / alpha`,

    `r^ = r * (1 + g)`, `y^ = y + sqrt(r^**2 - r**2) * noise_scale * fresh`,
    `y' = y^ + (r' - r^) * (noise^ + noise') / 2`,

    where `g = min(churn / steps, sqrt(2) - 1)` for `r` between `churn_min` and
    `churn_max`, else 0; `noise^` is what the denoiser finds at `r^`, `noise'`
    after an Euler step. The last step, and one from noise alone, is Euler's.

    Without churn it is `HeunSampler`. It works with every schedule; the
    churned levels lie between the schedule's.

    Args:
        churn: float, EDM's `S_churn`. 0 is deterministic. Defaults to 0.
        churn_min: float, `S_tmin`. Defaults to 0.
        churn_max: float, `S_tmax`. Defaults to infinity.
        noise_scale: float, `S_noise`. A little above 1 makes up for the
            denoiser's loss of detail. Defaults to 1.
        second_order: bool. Whether the denoiser is called twice a step;
            without, Euler's steps. Defaults to True.
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Raises:
        ValueError: If one is negative, or `churn_max` below `churn_min`.

    Example:

    >>> from keras_nn.schedules import KarrasNoise
    >>> sampler = EDMSampler(churn=3.0)
    >>> times, alphas, sigmas, _ = sampler.plan(KarrasNoise(), 10)
    >>> ratios = sigmas[11:] / alphas[11:]
    >>> ratios[0].round(6).item()  # of 80, with a churn of 0.3 a step
    104.0

    Reference:
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), algorithm 2
    """

    def __init__(
        self,
        churn=0.0,
        churn_min=0.0,
        churn_max=float("inf"),
        noise_scale=1.0,
        second_order=True,
        clip=None,
        spacing=None,
    ):
        super().__init__(clip, spacing)
        if min(churn, churn_min, noise_scale) < 0 or churn_max < churn_min:
            raise ValueError(
                "`churn`, `churn_min` and `noise_scale` must not be negative, "
                f"and `churn_max` not below. Received: {churn=}, "
                f"{churn_min=}, {churn_max=}, {noise_scale=}"
            )
        self.churn = churn
        self.churn_min = churn_min
        self.churn_max = churn_max
        self.noise_scale = noise_scale
        self.second_order = second_order
        self.random = churn > 0
        self.looks_twice = second_order

    def plan(self, schedule, steps):
        """The levels of the grid, then those that they are churned to."""
        times, alphas, sigmas = schedule.grid(steps, self.spacing)
        alpha, sigma = alphas[:-1], sigmas[:-1]
        known = alpha > 0  # of noise alone there is no more
        ratios = sigma / np.where(known, alpha, 1)
        due = known & (ratios >= self.churn_min) & (ratios <= self.churn_max)
        share = np.where(due, min(self.churn / steps, 2**0.5 - 1), 0)
        risen = ratios * (1 + share)
        churned = [times, alpha, sigma]
        if self.churn:
            found = schedule.at_ratios(risen)
            churned = [
                np.where(share > 0, new, old)
                for new, old in zip(found, churned, strict=True)
            ]
        high = churned[1]
        kept = np.where(share > 0, high / np.where(known, alpha, 1), 1)
        added = high * np.sqrt(risen**2 - ratios**2) * self.noise_scale
        slope = (sigmas[1:] - alphas[1:] * risen) / 2
        usable = known & (sigmas[1:] > 0) & self.second_order
        table = np.stack(
            [kept, added, alphas[1:], sigmas[1:], np.where(usable, slope, 0)],
            axis=1,
        )
        times = np.append(times, times[-1])
        levels = zip((times, alphas, sigmas), churned, strict=True)
        joined = [np.concatenate(pair) for pair in levels]
        return (*joined, self.finite(table, alphas, sigmas))

    def step(self, look, index, steps, row, fresh, noisy, previous):
        if fresh is not None:
            noisy = row[0] * noisy + row[1] * fresh
        clean, noise = look(noisy, steps + 1 + index)
        after = row[2] * clean + row[3] * noise
        if self.second_order:
            after = ops.cond(
                index < steps - 1,
                lambda: after + row[4] * (look(after, index + 1)[1] - noise),
                lambda: after,
            )
        return after, clean

    def get_config(self):
        return {
            **super().get_config(),
            "churn": self.churn,
            "churn_min": self.churn_min,
            "churn_max": self.churn_max,
            "noise_scale": self.noise_scale,
            "second_order": self.second_order,
        }
