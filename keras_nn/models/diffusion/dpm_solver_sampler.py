import keras
import numpy as np

from keras_nn.models.diffusion.sampler import DiffusionSampler


@keras.saving.register_keras_serializable(package="keras_nn")
class DPMSolverSampler(DiffusionSampler):
    """DPM-Solver++ 2M: second order from the step before, at no further call.

    With `l = log(alpha / sigma)` and `h = l' - l`,

    `noisy' = sigma' / sigma * noisy - alpha' * (exp(-h) - 1) * D`,
    `D = clean + h / (2 * h_before) * (clean - previous)`.

    The first step and the last have `D = clean`.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.0, 0.6, 0.8, 1.0])
    >>> table = DPMSolverSampler().table(alphas, np.sqrt(1 - alphas**2))
    >>> table[0, :2].tolist(), table[-1, :2].tolist()
    ([0.8, 0.6], [0.0, 1.0])

    Reference:
        [Lu et al., 2022](https://arxiv.org/abs/2211.01095), algorithm 2
    """

    looks_back = True

    def weights(self, alphas, sigmas):
        shrunk = sigmas[1:] / sigmas[:-1]
        # alpha' * (1 - exp(-h)), without a logarithm that may be infinite.
        toward = alphas[1:] - alphas[:-1] * shrunk
        with np.errstate(divide="ignore"):
            level = np.log(alphas) - np.log(sigmas)
        h = np.diff(level)
        ratio = np.zeros(len(h))
        # h_before is infinite after a step from noise alone: first order.
        ratio[1:-1] = h[1:-1] / h[:-2] / 2
        return {
            "noisy": shrunk,
            "clean": toward * (1 + ratio),
            "previous": -toward * ratio,
        }
