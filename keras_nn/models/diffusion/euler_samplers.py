import keras
import numpy as np

from keras_nn.models.diffusion.sampler import DiffusionSampler


@keras.saving.register_keras_serializable(package="keras_nn")
class EulerSampler(DiffusionSampler):
    """Follows the probability flow in straight pieces.

    With `y = noisy / alpha` and `r = sigma / alpha` the flow is
    `dy / dr = noise`, so a step is `y' = y + (r' - r) * noise`. On the same
    levels that is `DDIMSampler` with `eta=0`.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.0, 0.8, 1.0])
    >>> EulerSampler().table(alphas, np.sqrt(1 - alphas**2))[0, 1:3].round(3)
    array([0.8, 0.6])

    Reference:
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), algorithm 1
        without its second order
    """

    def weights(self, alphas, sigmas):
        return {"clean": alphas[1:], "noise": sigmas[1:]}


@keras.saving.register_keras_serializable(package="keras_nn")
class EulerAncestralSampler(DiffusionSampler):
    """Follows the flow too far, and adds fresh noise for what is missing.

    `up**2 = r'**2 * (1 - r'**2 / r**2)`, `down**2 = r'**2 - up**2`,
    `noisy' = alpha' * (clean + down * noise + up * fresh)`, where
    `r = sigma / alpha`.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.0, 0.8, 1.0])
    >>> table = EulerAncestralSampler().table(alphas, np.sqrt(1 - alphas**2))
    >>> table[0, [2, 4]].round(3)
    array([0. , 0.6])

    Reference:
        [k-diffusion](https://github.com/crowsonkb/k-diffusion)
    """

    random = True

    def weights(self, alphas, sigmas):
        after = sigmas[1:] / alphas[1:]
        # Of r' and r; no division by an alpha that may be 0.
        share = after * alphas[:-1] / sigmas[:-1]
        return {
            "clean": alphas[1:],
            "noise": alphas[1:] * after * share,
            "fresh": alphas[1:] * after * np.sqrt(1 - share**2),
        }


@keras.saving.register_keras_serializable(package="keras_nn")
class HeunSampler(DiffusionSampler):
    """Follows the flow with the mean of the slopes at both ends of a step.

    `y' = y + (r' - r) * (noise + noise') / 2`, with `noise'` as the denoiser
    finds it after an Euler step. A step calls the denoiser twice; the last,
    and one from noise alone, is an Euler step.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.6, 0.8, 1.0])
    >>> table = HeunSampler().table(alphas, np.sqrt(1 - alphas**2))
    >>> table[:, 5].round(3).tolist()
    [-0.233, 0.0]

    Reference:
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), algorithm 1
    """

    looks_twice = True

    def weights(self, alphas, sigmas):
        usable = (alphas[:-1] > 0) & (sigmas[1:] > 0)
        before = np.where(alphas[:-1] > 0, alphas[:-1], 1)
        change = sigmas[1:] - alphas[1:] * sigmas[:-1] / before
        return {
            "clean": alphas[1:],
            "noise": sigmas[1:],
            "correction": np.where(usable, change / 2, 0),
        }
