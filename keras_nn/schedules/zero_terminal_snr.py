import keras
import numpy as np

from keras_nn.schedules.noise_schedule import NoiseSchedule


@keras.saving.register_keras_serializable(package="keras_nn")
class ZeroTerminalSNR(NoiseSchedule):
    """Another schedule, stretched so that its last level is noise alone.

    `alpha'_t = (alpha_t - alpha_last) * alpha_0 / (alpha_0 - alpha_last)`

    Otherwise a little of the picture is left in training where sampling
    begins with none, and samples keep the average brightness.

    Args:
        schedule: `NoiseSchedule` that keeps the variance.

    Raises:
        ValueError: If the last level of the schedule is noise alone already.

    Example:

    >>> from keras_nn.schedules import LinearNoise
    >>> alpha, sigma = ZeroTerminalSNR(LinearNoise()).levels([0, 999])
    >>> alpha.round(4).tolist(), sigma.round(4).tolist()
    ([0.9999, 0.0], [0.01, 1.0])

    Reference:
        [Lin et al., 2023](https://arxiv.org/abs/2305.08891), algorithm 1
    """

    def __init__(self, schedule):
        super().__init__(schedule.steps)
        (last,), _ = schedule.levels([schedule.steps - 1])
        if last == 0:
            raise ValueError(
                "`schedule` must leave a signal in its last level. Received: "
                f"a {type(schedule).__name__}, which leaves none"
            )
        self.schedule = schedule
        self.spacing = schedule.spacing
        self.continuous = schedule.continuous

    def levels(self, positions):
        (first, last), _ = self.schedule.levels(np.array([0, self.steps - 1]))
        alpha, _ = self.schedule.levels(positions)
        alpha = (alpha - last) * (first / (first - last))
        return alpha, np.sqrt(1 - alpha**2)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {"schedule": serialize(self.schedule)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["schedule"]))
