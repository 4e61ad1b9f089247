import keras
import numpy as np
from keras import ops

from keras_nn.models.diffusion.moments import moments_due

COLUMNS = ("noisy", "clean", "noise", "previous", "fresh", "correction")


class DiffusionSampler:
    """Goes from noise to pictures with any denoiser. Abstract.

    Every step of every sampler here is a sum with known weights:

    `noisy' = a * noisy + b * clean + c * noise + d * previous + e * fresh`

    of the present picture, the denoiser's two estimates, its estimate of the
    picture one step before, and fresh noise; a second look at `noisy'` may
    add `f * (noise' - noise)`. A subclass says the weights in `weights`; they
    are computed once, in float64. The steps are one loop of fixed shapes,
    which compiles.

    Fresh noise is drawn beforehand, `steps` pictures for each.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`, and
            the noise is what then remains.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Attributes:
        random: bool. Whether it adds fresh noise.
        looks_twice: bool. Whether it calls the denoiser twice a step.
        looks_back: bool. Whether a step needs the one before.

    Example:

    >>> from keras import ops
    >>> from keras_nn.models import DDIMSampler
    >>> from keras_nn.schedules import CosineNoise
    >>> def says_zero(noisy, time, alpha, sigma):
    ...     return ops.zeros_like(noisy), noisy / sigma
    >>> sampler = DDIMSampler()
    >>> noise = ops.ones((2, 8))
    >>> float(ops.max(sampler(says_zero, noise, CosineNoise(), steps=5)))
    0.0
    """

    random = False
    looks_twice = False
    looks_back = False

    def __init__(self, clip=None, spacing=None):
        if clip is not None and not clip > 0:
            raise ValueError(f"`clip` must be positive. Received: {clip=}")
        self.clip = clip
        self.spacing = spacing

    def weights(self, alphas, sigmas):
        """The weights of every step.

        Args:
            alphas: float64 array `(steps + 1,)`, from noise to picture.
            sigmas: likewise.

        Returns:
            A dict from some of `COLUMNS` to arrays `(steps,)`.
        """
        raise NotImplementedError(
            f"{type(self).__name__} defines no `weights`."
        )

    def table(self, alphas, sigmas):
        """`weights` as an array `(steps, 6)`."""
        found = self.weights(alphas, sigmas)
        zeros = np.zeros(len(alphas) - 1)
        table = np.stack([found.get(c, zeros) + zeros for c in COLUMNS], axis=1)
        return self.finite(table, alphas, sigmas)

    def finite(self, table, alphas, sigmas):
        """The table, or ValueError for steps that it cannot take."""
        if not np.isfinite(table).all():
            raise ValueError(
                f"{type(self).__name__} cannot take these steps: their "
                f"weights are not finite. Received: {alphas=}, {sigmas=}"
            )
        return table

    def __call__(
        self,
        denoise,
        noise,
        schedule,
        steps,
        seed=None,
        route=None,
        moments=None,
    ):
        """Pictures out of noise.

        Args:
            denoise: callable of `(noisy, time, alpha, sigma)`, the last three
                scalars, that estimates `(clean, noise)`.
            noise: float tensor `(batch, ...)`, of variance 1.
            schedule: `NoiseSchedule`.
            steps: int. Number of steps.
            seed: int or `SeedGenerator`, of the fresh noise.
            route: `Repainting` or None. Where the steps lead and what is done
                between them.
            moments: int or None. If given, so many noisy pictures of the way
                are kept, at equal distances in steps.

        Returns:
            A tensor of the shape of `noise`; with `moments`, `(moments,
            batch, ...)`, the first where the way begins, the last the
            pictures.
        """
        times, alphas, sigmas, table = self.plan(schedule, steps)
        if alphas[0] > 0:  # else the first level is `noise` itself
            noise = noise * float(np.hypot(alphas[0], sigmas[0]))
        return self.loop(
            denoise,
            noise,
            times,
            alphas,
            sigmas,
            table,
            seed,
            route,
            moments,
        )

    def plan(self, schedule, steps):
        """Times, signal, noise of every level, and `table`.

        The first `steps + 1` levels are those of the schedule's grid; a
        sampler may look at others, which follow them.
        """
        times, alphas, sigmas = schedule.grid(steps, self.spacing)
        return times, alphas, sigmas, self.table(alphas, sigmas)

    def loop(
        self,
        denoise,
        noisy,
        times,
        alphas,
        sigmas,
        table,
        seed=None,
        route=None,
        moments=None,
    ):
        """The steps of a table; `noisy` is at the first level."""
        steps = len(table)
        dtype = noisy.dtype
        path, between, count = None, None, steps
        if route is not None:
            path, between = route.along(
                self, alphas[: steps + 1], sigmas[: steps + 1], seed
            )
            count = len(path)
            path = ops.convert_to_tensor(path, "int32")

        def constant(values):
            return ops.convert_to_tensor(values, dtype)

        # The denoiser's second look in the last step is at no noise: unused.
        times = constant(np.append(times, times[-1]))
        alphas, sigmas = constant(alphas), constant(sigmas)
        table = constant(table)
        fresh = None
        if self.random and route is None:
            fresh = keras.random.normal(
                (steps, *ops.shape(noisy)), dtype=dtype, seed=seed
            )

        def look(noisy, index):
            level = (ops.take(v, index) for v in (times, alphas, sigmas))
            time, alpha, sigma = level
            clean, noise = denoise(noisy, time, alpha, sigma)
            if self.clip is not None:
                clean = ops.clip(clean, -self.clip, self.clip)
                # Else the two drift apart under strong guidance.
                noise = (noisy - alpha * clean) / sigma
            return clean, noise

        def step(number, state):
            index = number if path is None else ops.take(path, number)
            drawn = None
            if self.random:
                drawn = (
                    ops.take(fresh, index, axis=0)
                    if between is None
                    else between.fresh(number, state[0])
                )
            row = ops.take(table, index, axis=0)
            noisy, *memory = self.step(look, index, steps, row, drawn, *state)
            if between is not None:
                noisy = between(number, noisy)
            return noisy, *memory

        state = (noisy, *self.memory(noisy))
        if moments is None:
            return ops.fori_loop(0, count, step, state)[0]
        due = moments_due(moments, count)

        def noting_step(number, state):
            way, *state = state
            state = step(number, tuple(state))
            now = ops.take(ops.convert_to_tensor(due), number, axis=0)
            now = ops.reshape(now, (moments, *(1 for _ in noisy.shape)))
            return ops.where(now, state[0][None], way), *state

        way = ops.repeat(noisy[None], moments, axis=0)
        return ops.fori_loop(0, count, noting_step, (way, *state))[0]

    def memory(self, noisy):
        """What a first step remembers, beside the noisy picture: a tuple."""
        return (ops.zeros_like(noisy),)

    def step(self, look, index, steps, row, fresh, noisy, previous):
        """One step.

        Args:
            look: callable of `(noisy, index of a level)` that estimates
                `(clean, noise)`.
            index: int scalar tensor. The level that `noisy` is at.
            steps: int. Number of levels, without that of the picture itself.
            row: tensor. What `table` says of the step.
            fresh: noise, or None.
            noisy: the present picture.
            previous: the rest of what `memory` began with.

        Returns:
            Tuple of the next picture and what is to be remembered.
        """
        clean, noise = look(noisy, index)
        after = (
            row[0] * noisy + row[1] * clean + row[2] * noise + row[3] * previous
        )
        if fresh is not None:
            after = after + row[4] * fresh
        if self.looks_twice:
            after = ops.cond(
                index < steps - 1,
                lambda: after + row[5] * (look(after, index + 1)[1] - noise),
                lambda: after,
            )
        return after, clean

    def get_config(self):
        return {"clip": self.clip, "spacing": self.spacing}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def posterior(alphas, sigmas):
    """What a noisy picture and its clean one say of the level before.

    `q(noisy' | noisy, clean) = N(a * noisy + b * clean, deviation**2)`

    Args:
        alphas: array `(steps + 1,)`, from noise to picture.
        sigmas: likewise.

    Returns:
        Arrays `a`, `b`, `deviation` of shape `(steps,)`.
    """
    alpha, alpha_after = alphas[:-1], alphas[1:]
    variance, variance_after = sigmas[:-1] ** 2, sigmas[1:] ** 2
    kept = alpha / alpha_after
    added = variance - kept**2 * variance_after
    a = kept * variance_after / variance
    b = alpha_after * added / variance
    return a, b, np.sqrt(added * variance_after / variance)
