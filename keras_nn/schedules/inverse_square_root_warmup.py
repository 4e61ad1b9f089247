import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class InverseSquareRootWarmup(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises in a line, then falls with the root of the step.

    `rate(t) = peak min((t + 1) / warmup, sqrt(warmup / (t + 1)))`

    With `peak = (width warmup) ** -0.5` it is the schedule of the 2017
    Transformer.

    Args:
        peak: float. The rate at the end of the warm-up.
        warmup_steps: int. Steps of the rise.

    Call arguments:
        step: int scalar, from 0.

    Raises:
        ValueError: if either is not positive.

    Example:

    >>> rate = InverseSquareRootWarmup(0.5, warmup_steps=10)
    >>> [round(float(rate(step)), 4) for step in (0, 9, 39)]
    [0.05, 0.5, 0.25]

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), section 5.3
    """

    def __init__(self, peak, warmup_steps):
        super().__init__()
        if peak <= 0 or warmup_steps < 1:
            raise ValueError(
                "`peak` and `warmup_steps` must be positive. Received: "
                f"{peak=}, {warmup_steps=}"
            )
        self.peak = peak
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        step = ops.cast(step, "float32") + 1
        warmup = float(self.warmup_steps)
        return self.peak * ops.minimum(step / warmup, ops.sqrt(warmup / step))

    def get_config(self):
        return {"peak": self.peak, "warmup_steps": self.warmup_steps}
