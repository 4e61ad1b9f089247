import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule
from keras_nn.schedules.noise_schedule import check_betas
from keras_nn.schedules.noise_schedule import levels_of_betas


@keras.saving.register_keras_serializable(package="keras_nn")
class LinearNoise(NoiseSchedule):
    """Replaces a share of the variance that grows evenly with the steps.

    `beta_t = (b + t / (steps - 1) * (e - b)) ** power`, with
    `b = beta_start ** (1 / power)` and `e = beta_end ** (1 / power)`

    Args:
        steps: int. Number of levels. Defaults to 1000.
        beta_start: float. Share of the variance replaced in the first step.
        beta_end: float. Share replaced in the last.
        power: float. 2 is the "scaled linear" of latent diffusion. Defaults
            to 1.

    Example:

    >>> alpha, sigma = LinearNoise().levels([0, 999])
    >>> alpha.round(4).tolist()
    [0.9999, 0.0064]

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239)
    """

    def __init__(self, steps=1000, beta_start=1e-4, beta_end=0.02, power=1.0):
        super().__init__(steps)
        check_betas(beta_start, beta_end)
        self.beta_start = beta_start
        self.beta_end = beta_end
        self.power = power

    def levels(self, positions):
        start, end = (
            beta ** (1 / self.power)
            for beta in (self.beta_start, self.beta_end)
        )
        betas = np.linspace(start, end, self.steps) ** self.power
        return levels_of_betas(betas, positions)

    def get_config(self):
        return {
            **super().get_config(),
            "beta_start": self.beta_start,
            "beta_end": self.beta_end,
            "power": self.power,
        }
