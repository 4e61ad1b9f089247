import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.diffusion.sampler import DiffusionSampler


@keras.saving.register_keras_serializable(package="keras_nn")
class UniPCSampler(DiffusionSampler):
    """UniPC: each look at the picture also corrects the step that led to it.

    With `l = log(alpha / sigma)`, `h = l' - l`, `B = exp(-h) - 1` and the
    slope `D = (previous - clean) * h / (l_before - l)` of the estimates,

    `predicted = sigma' / sigma * noisy - alpha' * B * (clean + D / 2)`,

    `corrected = sigma' / sigma * noisy
    - alpha' * B * (clean + c * D + d * (clean' - clean))`,

    where `clean'` is what the denoiser says of `predicted`, and `c`, `d` make
    the step exact for estimates that are quadratic in `l`. The first step and
    the last are of first order: without `D`. One call of the denoiser a step.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.1, 0.6, 0.8, 1.0])
    >>> table = UniPCSampler().table(alphas, np.sqrt(1 - alphas**2))
    >>> table[0, :4].tolist(), table[-1, 4:].tolist()
    ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0])

    Reference:
        [Zhao et al., 2023](https://arxiv.org/abs/2302.04867), UniPC-2 with
        `B_2(h)`
    """

    looks_back = True

    def table(self, alphas, sigmas):
        """Two sums a step: the correction, then the next prediction.

        `noisy <- k0 * before + k1 * clean + k2 * previous + k3 * older`,
        `noisy' = p0 * noisy + p1 * clean + p2 * previous`,

        where `before` is the corrected picture of the step before. In the
        first step, nothing is corrected: `before` is the noise itself.

        Returns:
            Array `(steps, 7)`.
        """
        shrunk, toward, log_steps = _steps(alphas, sigmas)
        table = np.zeros((len(shrunk), 7))
        table[0, 0] = 1.0
        for step, h in enumerate(log_steps):
            second = 0 < step < len(shrunk) - 1
            # Infinite after a step from noise alone: of first order, then.
            place = -log_steps[step - 1] / h if second else np.inf
            # Of `previous - clean`, to the end of the step.
            slope = 1 / place if place else np.nan
            table[step, 4:] = [
                shrunk[step],
                toward[step] * (1 - slope / 2),
                toward[step] * slope / 2,
            ]
            if step == len(shrunk) - 1:
                break
            c, d = _exact(h, place) if slope else (0.0, 0.5)
            table[step + 1, :4] = [
                shrunk[step],
                toward[step] * d,
                toward[step] * (1 - c * slope - d),
                toward[step] * c * slope,
            ]
        return self.finite(table, alphas, sigmas)

    def memory(self, noisy):
        zeros = ops.zeros_like(noisy)
        return noisy, zeros, zeros

    def step(
        self, look, index, steps, row, fresh, noisy, before, previous, older
    ):
        clean, _ = look(noisy, index)
        corrected = (
            row[0] * before
            + row[1] * clean
            + row[2] * previous
            + row[3] * older
        )
        after = row[4] * corrected + row[5] * clean + row[6] * previous
        return after, corrected, clean, previous


def _steps(alphas, sigmas):
    """`sigma' / sigma`, `-alpha' * B` and `h` of each step."""
    shrunk = sigmas[1:] / sigmas[:-1]
    # Without a logarithm, which is infinite for noise alone and for none.
    toward = alphas[1:] - alphas[:-1] * shrunk
    with np.errstate(divide="ignore"):
        return shrunk, toward, np.diff(np.log(alphas) - np.log(sigmas))


def _exact(h, place):
    """Shares of slope and correction, exact for quadratic estimates."""
    share = math.expm1(-h)
    first = -share / h - 1
    second = -first / h - 0.5
    system = [[1.0, 1.0], [place, 1.0]]
    return np.linalg.solve(system, [first / share, 2 * second / share])
