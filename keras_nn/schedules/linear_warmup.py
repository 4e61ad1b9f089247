import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class LinearWarmup(keras.optimizers.schedules.LearningRateSchedule):
    """Rises in a line to a rate or the beginning of another schedule.

    `rate(t) = after(0) (t + 1) / warmup` for `t < warmup`, then
    `after(t - warmup)`

    Args:
        after: float, or `LearningRateSchedule`: what follows the rise.
        warmup_steps: int. Steps of the rise.

    Raises:
        ValueError: if `warmup_steps` is not positive.

    Example:

    >>> rate = LinearWarmup(0.5, warmup_steps=10)
    >>> [round(float(rate(step)), 3) for step in (0, 4, 9, 99)]
    [0.05, 0.25, 0.5, 0.5]

    Reference:
        [Goyal et al., 2017](https://arxiv.org/abs/1706.02677), section 2.2
    """

    def __init__(self, after, warmup_steps):
        super().__init__()
        if warmup_steps < 1:
            raise ValueError(
                f"`warmup_steps` must be positive. Received: {warmup_steps=}"
            )
        self.after = after
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        step = ops.cast(step, "float32")
        warmup = float(self.warmup_steps)
        rate = self._after(ops.maximum(step - warmup, 0.0))
        rise = ops.minimum((step + 1) / warmup, 1.0)
        return rise * rate

    def get_config(self):
        after = self.after
        if callable(after):
            after = keras.optimizers.schedules.serialize(after)
        return {"after": after, "warmup_steps": self.warmup_steps}

    @classmethod
    def from_config(cls, config):
        after = config["after"]
        if isinstance(after, dict):
            after = keras.optimizers.schedules.deserialize(after)
        return cls(**{**config, "after": after})

    def _after(self, step):
        if callable(self.after):
            return self.after(step)
        return ops.cast(self.after, "float32")
