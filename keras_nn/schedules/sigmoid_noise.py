import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule
from keras_nn.schedules.noise_schedule import check_betas
from keras_nn.schedules.noise_schedule import levels_of_betas


@keras.saving.register_keras_serializable(package="keras_nn")
class SigmoidNoise(NoiseSchedule):
    """Replaces shares of the variance that rise along a sigmoid.

    `beta_t = beta_start + (beta_end - beta_start) * sigmoid(z_t)`, with
    `z_t` evenly from -6 to 6.

    Args:
        steps: int. Number of levels. Defaults to 1000.
        beta_start: float. Share below the smallest. Defaults to 1e-4.
        beta_end: float. Share above the largest. Defaults to 0.02.

    Example:

    >>> alpha, sigma = SigmoidNoise().levels([0, 999])
    >>> alpha.round(4).tolist()
    [0.9999, 0.0063]

    Reference:
        [Xu et al., 2022](https://arxiv.org/abs/2203.02923) (GeoDiff)
    """

    def __init__(self, steps=1000, beta_start=1e-4, beta_end=0.02):
        super().__init__(steps)
        check_betas(beta_start, beta_end)
        self.beta_start = beta_start
        self.beta_end = beta_end

    def levels(self, positions):
        shares = 1 / (1 + np.exp(-np.linspace(-6, 6, self.steps)))
        betas = self.beta_start + (self.beta_end - self.beta_start) * shares
        return levels_of_betas(betas, positions)

    def get_config(self):
        return {
            **super().get_config(),
            "beta_start": self.beta_start,
            "beta_end": self.beta_end,
        }
