import keras
import numpy as np

from keras_nn.models.diffusion.sampler import DiffusionSampler
from keras_nn.models.diffusion.sampler import posterior


@keras.saving.register_keras_serializable(package="keras_nn")
class DDIMSampler(DiffusionSampler):
    """Renoises the clean estimate with the noise that was found in it.

    `noisy' = alpha' * clean + sqrt(sigma'**2 - d**2) * noise + d * fresh`,
    where `d` is `eta` times the deviation of DDPM's step.

    Args:
        eta: float. 0 is deterministic: the same noise gives the same picture.
            1 is as random as `DDPMSampler`. Defaults to 0.
        clip: float or None. Clean estimates are kept in `[-clip, clip]`.
        spacing: str or None. As in `NoiseSchedule.positions`.

    Example:

    >>> import numpy as np
    >>> alphas = np.array([0.0, 0.8, 1.0])
    >>> DDIMSampler().table(alphas, np.sqrt(1 - alphas**2))[0, 1:3].round(3)
    array([0.8, 0.6])

    Reference:
        [Song et al., 2020](https://arxiv.org/abs/2010.02502), equation 12
    """

    def __init__(self, eta=0.0, clip=None, spacing=None):
        super().__init__(clip, spacing)
        if not 0 <= eta <= 1:
            raise ValueError(f"`eta` must be in [0, 1]. Received: {eta=}")
        self.eta = eta
        self.random = eta > 0

    def weights(self, alphas, sigmas):
        _, _, deviation = posterior(alphas, sigmas)
        fresh = self.eta * deviation
        return {
            "clean": alphas[1:],
            "noise": np.sqrt(sigmas[1:] ** 2 - fresh**2),
            "fresh": fresh,
        }

    def get_config(self):
        return {**super().get_config(), "eta": self.eta}
