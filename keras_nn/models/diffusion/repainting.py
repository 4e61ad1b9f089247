import keras
import numpy as np
from keras import ops

from keras_nn.models.diffusion.drawn_seed import DrawnSeed

_KINDS = 3  # of noise in a step: of the known part, of a jump, of the sampler


class Repainting:
    """Fills holes in pictures while a sampler draws: RePaint.

    After each step, to the level `(alpha', sigma')`,

    `noisy' <- hole * noisy' + (1 - hole) * (alpha' * known + sigma' * fresh)`,

    so that the sampler sees the known part as noisy as the rest. That alone is
    plain replacement: what is drawn fits the known part badly, which it saw
    too late. So after every `jump_length` steps the picture is noised again by
    as many levels and drawn again, `resamplings` times in all:

    `noisy <- k * noisy' + sqrt(sigma**2 - k**2 * sigma'**2) * fresh`,
    `k = alpha / alpha'`.

    Args:
        known: float tensor `(batch, ...)`, pictures in the model's range.
        holes: tensor that broadcasts with `known`: 1 where it is to be drawn,
            0 where it is kept.
        resamplings: int. How often each part of the way is drawn. 1 is plain
            replacement. Defaults to 1.
        jump_length: int. Length of these parts, in steps. Defaults to 1.

    Raises:
        ValueError: If one of the two is not positive; when drawing, if the
            sampler needs the step before, which a jump takes away.

    Example:

    >>> from keras_nn.models import DDPMSampler
    >>> from keras_nn.schedules import CosineNoise
    >>> def says_zero(noisy, time, alpha, sigma):
    ...     return ops.zeros_like(noisy), noisy / sigma
    >>> known, holes = ops.ones((1, 4)), ops.array([[0.0, 0.0, 1.0, 1.0]])
    >>> route = Repainting(known, holes, resamplings=3)
    >>> drawn = DDPMSampler()(says_zero, known, CosineNoise(), 5, 0, route)
    >>> ops.convert_to_numpy(drawn).tolist()
    [[1.0, 1.0, 0.0, 0.0]]

    Reference:
        [Lugmayr et al., 2022](https://arxiv.org/abs/2201.09865), algorithm 1
    """

    def __init__(self, known, holes, resamplings=1, jump_length=1):
        if resamplings < 1 or jump_length < 1:
            raise ValueError(
                "`resamplings` and `jump_length` must be positive. "
                f"Received: {resamplings=}, {jump_length=}"
            )
        self.known = known
        self.holes = holes
        self.resamplings = resamplings
        self.jump_length = jump_length

    def along(self, sampler, alphas, sigmas, seed):
        """What a sampler's loop needs.

        Args:
            sampler: `DiffusionSampler`.
            alphas: float64 array `(steps + 1,)`, from noise to picture.
            sigmas: likewise.
            seed: int or `SeedGenerator`.

        Returns:
            `(path, between)`: int array of the levels from which a step is
            made, in order; and what is done after each step.
        """
        if self.resamplings > 1 and sampler.looks_back:
            raise ValueError(
                f"A {type(sampler).__name__} needs the step before, which a "
                "jump takes away: choose `resamplings=1` or a sampler of "
                "single steps, such as `DDPMSampler`. Received: "
                f"resamplings={self.resamplings}"
            )
        path = repaint_path(len(alphas) - 1, self.resamplings, self.jump_length)
        return path, _Between(self, path, alphas, sigmas, seed)


def repaint_path(steps, resamplings, jump_length):
    """The levels from which RePaint makes its steps, in order.

    Args:
        steps: int. Levels of the schedule, 0 is the one with most noise.
        resamplings: int. How often each part of the way is drawn.
        jump_length: int. Steps of each part.

    Returns:
        Int array; wherever the next level is not one more, there is a jump.

    Example:

    >>> repaint_path(4, resamplings=2, jump_length=2).tolist()
    [0, 1, 2, 3, 2, 3]
    """
    left = dict.fromkeys(range(0, steps - jump_length, jump_length), 1)
    left = {place: resamplings - 1 for place in left}
    path, place = [], steps  # counted from the picture
    while place > 0:
        place -= 1
        path.append(steps - 1 - place)
        if left.get(place, 0) > 0:
            left[place] -= 1
            place += jump_length
    return np.array(path, "int32")


class _Between:
    """Renews the known part after a step, and jumps back where the path does.

    Args:
        repainting: `Repainting`.
        path: int array `(moves,)`.
        alphas: float64 array `(steps + 1,)`.
        sigmas: likewise.
        seed: int or `SeedGenerator`.
    """

    def __init__(self, repainting, path, alphas, sigmas, seed):
        self.known = ops.convert_to_tensor(repainting.known)
        self.holes = ops.cast(repainting.holes, self.known.dtype)
        at = path + 1
        onward = np.append(path[1:], at[-1])
        kept = alphas[onward] / np.where(alphas[at] > 0, alphas[at], 1)
        added = np.sqrt(
            np.maximum(sigmas[onward] ** 2 - (kept * sigmas[at]) ** 2, 0)
        )
        rows = np.stack([alphas[at], sigmas[at], kept, added], axis=1)
        self.rows = ops.convert_to_tensor(rows, self.known.dtype)
        self.jumps = bool((onward != at).any())
        self.seeds = ops.cast(
            keras.random.randint(
                (len(path), _KINDS, 2), 0, 2**31 - 1, seed=seed
            ),
            "uint32",
        )

    def _noise(self, number, kind, noisy):
        seed = DrawnSeed(ops.take(self.seeds, number, axis=0)[kind])
        return keras.random.normal(
            ops.shape(noisy), dtype=noisy.dtype, seed=seed
        )

    def fresh(self, number, noisy):
        """The noise that a random sampler adds in a step."""
        return self._noise(number, 2, noisy)

    def __call__(self, number, noisy):
        row = ops.take(self.rows, number, axis=0)
        known = row[0] * self.known + row[1] * self._noise(number, 0, noisy)
        noisy = self.holes * noisy + (1 - self.holes) * known
        if not self.jumps:
            return noisy
        return row[2] * noisy + row[3] * self._noise(number, 1, noisy)
