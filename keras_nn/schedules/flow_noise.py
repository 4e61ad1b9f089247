import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule


@keras.saving.register_keras_serializable(package="keras_nn")
class FlowNoise(NoiseSchedule):
    """Straight lines from pictures to noise: rectified flow.

    `sigma_t = (t + 1) / steps`,  `alpha_t = 1 - sigma_t`

    The last level is noise alone: learn it with the prediction `"flow"`,
    `"v"` or `"x0"`.

    Args:
        steps: int. Number of levels that a model learns. Defaults to 1000.

    Example:

    >>> times, alphas, sigmas = FlowNoise().grid(4)
    >>> sigmas.tolist()
    [1.0, 0.75, 0.5, 0.25, 0.0]

    Reference:
        [Liu et al., 2022](https://arxiv.org/abs/2209.03003);
        [Lipman et al., 2022](https://arxiv.org/abs/2210.02747)
    """

    continuous = True

    def levels(self, positions):
        sigma = (np.asarray(positions, "float64") + 1) / self.steps
        return 1 - sigma, sigma

    def at_ratios(self, ratios):
        ratios = np.asarray(ratios, "float64")
        sigmas = ratios / (1 + ratios)
        return self.times(sigmas * self.steps - 1), 1 - sigmas, sigmas
