import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule


@keras.saving.register_keras_serializable(package="keras_nn")
class KarrasNoise(NoiseSchedule):
    """The noise levels of EDM: many where pictures take shape.

    `ratio_t = (a + t / (steps - 1) * (b - a)) ** rho`, with
    `a = sigma_min ** (1 / rho)`, `b = sigma_max ** (1 / rho)`, is noise over
    signal; `alpha = 1 / sqrt(1 + ratio**2)`, `sigma = ratio * alpha`.

    For data of variance 1, EDM's preconditioned network is the negative of
    a `"v"` prediction; `EDMNoise` is for data of any variance, and learns the
    levels that EDM learns.

    Args:
        steps: int. Number of levels. Defaults to 1000.
        sigma_min: float. Noise over signal at the first. Defaults to 0.002.
        sigma_max: float. Noise over signal at the last. Defaults to 80.
        rho: float. How much denser the low levels lie. Defaults to 7.

    Example:

    >>> times, alphas, sigmas = KarrasNoise().grid(3)
    >>> (sigmas[:3] / alphas[:3]).round(3).tolist()
    [80.0, 2.515, 0.002]

    Reference:
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), equation 5
    """

    spacing = "linspace"
    continuous = True

    def __init__(self, steps=1000, sigma_min=0.002, sigma_max=80.0, rho=7.0):
        super().__init__(steps)
        if not 0 < sigma_min < sigma_max:
            raise ValueError(
                "`sigma_min` must be positive and below `sigma_max`. "
                f"Received: {sigma_min=}, {sigma_max=}"
            )
        if not rho > 0:
            raise ValueError(f"`rho` must be positive. Received: {rho=}")
        self.sigma_min = sigma_min
        self.sigma_max = sigma_max
        self.rho = rho

    def levels(self, positions):
        share = np.asarray(positions, "float64") / (self.steps - 1)
        low, high = self._ends()
        ratio = (low + share * (high - low)) ** self.rho
        alpha = 1 / np.sqrt(1 + ratio**2)
        return alpha, ratio * alpha

    def at_ratios(self, ratios):
        ratios = np.asarray(ratios, "float64")
        low, high = self._ends()
        share = (ratios ** (1 / self.rho) - low) / (high - low)
        alpha = 1 / np.sqrt(1 + ratios**2)
        return self.times(share * (self.steps - 1)), alpha, ratios * alpha

    def _ends(self):
        return (s ** (1 / self.rho) for s in (self.sigma_min, self.sigma_max))

    def get_config(self):
        return {
            **super().get_config(),
            "sigma_min": self.sigma_min,
            "sigma_max": self.sigma_max,
            "rho": self.rho,
        }
