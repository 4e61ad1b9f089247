import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule
from keras_nn.schedules.noise_schedule import levels_of_betas


@keras.saving.register_keras_serializable(package="keras_nn")
class CosineNoise(NoiseSchedule):
    """Takes the signal away along a cosine: gently at both ends.

    `alpha_t**2 = f(t + 1) / f(0)`,
    `f(t) = cos((t / steps + 0.008) / 1.008 * pi / 2) ** 2`,
    where no step replaces more than `max_beta` of the variance.

    Args:
        steps: int. Number of levels. Defaults to 1000.
        max_beta: float. The largest share of one step. Defaults to 0.999.

    Example:

    >>> alpha, sigma = CosineNoise().levels([499])
    >>> round(float(alpha[0] ** 2), 2)
    0.49

    Reference:
        [Nichol and Dhariwal, 2021](https://arxiv.org/abs/2102.09672)
    """

    def __init__(self, steps=1000, max_beta=0.999):
        super().__init__(steps)
        if not 0 < max_beta < 1:
            raise ValueError(
                f"`max_beta` must be in (0, 1). Received: {max_beta=}"
            )
        self.max_beta = max_beta

    def levels(self, positions):
        at = np.arange(self.steps + 1) / self.steps
        kept = np.cos((at + 0.008) / 1.008 * np.pi / 2) ** 2
        betas = np.minimum(1 - kept[1:] / kept[:-1], self.max_beta)
        return levels_of_betas(betas, positions)

    def get_config(self):
        return {**super().get_config(), "max_beta": self.max_beta}
