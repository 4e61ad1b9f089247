import keras

from keras_nn.models.diffusion.sampler import DiffusionSampler
from keras_nn.models.diffusion.sampler import posterior


@keras.saving.register_keras_serializable(package="keras_nn")
class DDPMSampler(DiffusionSampler):
    """Draws each level from what the level before it must have been.

    `noisy' ~ q(noisy' | noisy, clean)`, the posterior of the noising; the
    last step returns `clean`.

    Args:
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.0, 0.8, 1.0])
    >>> DDPMSampler().table(alphas, np.sqrt(1 - alphas**2))[-1, :2].tolist()
    [0.0, 1.0]

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239), equation 7
    """

    random = True

    def weights(self, alphas, sigmas):
        a, b, deviation = posterior(alphas, sigmas)
        return {"noisy": a, "clean": b, "fresh": deviation}
