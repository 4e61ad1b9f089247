import math

import keras
import numpy as np

from keras_nn.schedules.karras_noise import KarrasNoise
from keras_nn.schedules.noise_schedule import NoiseSchedule


@keras.saving.register_keras_serializable(package="keras_nn")
class EDMNoise(NoiseSchedule):
    """EDM: learns ratios of a log-normal law, draws along those of Karras.

    With `r` the noise over the signal, what EDM calls sigma,

    `noisy = c_in(r) * (clean + r * noise)`, `c_in = 1 / sqrt(r**2 + d**2)`,

    so `alpha = c_in`, `sigma = r * c_in`: a network's input has variance 1 for
    data of deviation `d = sigma_data`. Learnt are the `steps` quantiles of
    `log r ~ N(log_mean, log_deviation**2)`; samplers take the ratios of
    `KarrasNoise`.

    Together with `Prediction("edm")` this is EDM in the design
    `DiffusionModel(denoiser, EDMNoise(), "edm")`: the schedule is `c_in` and
    the law of sigma, the prediction `c_skip` and `c_out`, and a loss of weight
    1 on what the network says is EDM's `1 / c_out**2` on the picture.

    Networks are told `c_noise = log(r) / 4`, scaled so that it goes from 0 at
    `sigma_min` to 1000 at `sigma_max`.

    Args:
        steps: int. Number of quantiles that a model learns. Defaults to 1000.
        sigma_min: float. Ratio of the last step. Defaults to 0.002.
        sigma_max: float. Ratio of the first step. Defaults to 80.
        rho: float. How much denser the low ratios lie. Defaults to 7.
        sigma_data: float. Standard deviation of the data. Defaults to 0.5.
        log_mean: float, EDM's `P_mean`. Defaults to -1.2.
        log_deviation: float, EDM's `P_std`. Defaults to 1.2.

    Raises:
        ValueError: If a deviation is not positive, or as `KarrasNoise`.

    Example:

    >>> times, alphas, sigmas = EDMNoise().learnt()
    >>> ratios = np.log(sigmas / alphas)
    >>> ratios.mean().round(3).item(), ratios.std().round(2).item()
    (-1.2, 1.2)

    Reference:
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), table 1
    """

    spacing = "linspace"
    continuous = True

    def __init__(
        self,
        steps=1000,
        sigma_min=0.002,
        sigma_max=80.0,
        rho=7.0,
        sigma_data=0.5,
        log_mean=-1.2,
        log_deviation=1.2,
    ):
        super().__init__(steps)
        if not (sigma_data > 0 and log_deviation > 0):
            raise ValueError(
                "`sigma_data` and `log_deviation` must be positive. "
                f"Received: {sigma_data=}, {log_deviation=}"
            )
        self._karras = KarrasNoise(steps, sigma_min, sigma_max, rho)
        self.sigma_min = sigma_min
        self.sigma_max = sigma_max
        self.rho = rho
        self.sigma_data = sigma_data
        self.log_mean = log_mean
        self.log_deviation = log_deviation

    def levels(self, positions):
        alphas, sigmas = self._karras.levels(positions)
        _, alphas, sigmas = self.at_ratios(sigmas / alphas)
        return alphas, sigmas

    def times(self, positions):
        alphas, sigmas = self._karras.levels(positions)
        return self.times_of(np.log(sigmas / alphas))

    def times_of(self, log_ratios):
        """What a network is told of ratios; takes tensors, too."""
        low, high = math.log(self.sigma_min), math.log(self.sigma_max)
        return (log_ratios - low) * (1000 / (high - low))

    def learnt(self):
        from scipy.special import ndtri

        shares = (np.arange(self.steps) + 0.5) / self.steps
        return self.at_ratios(
            np.exp(self.log_mean + self.log_deviation * ndtri(shares))
        )

    def at_ratios(self, ratios):
        ratios = np.asarray(ratios, "float64")
        alphas = 1 / np.sqrt(ratios**2 + self.sigma_data**2)
        return self.times_of(np.log(ratios)), alphas, ratios * alphas

    def get_config(self):
        return {
            **super().get_config(),
            "sigma_min": self.sigma_min,
            "sigma_max": self.sigma_max,
            "rho": self.rho,
            "sigma_data": self.sigma_data,
            "log_mean": self.log_mean,
            "log_deviation": self.log_deviation,
        }
