import keras
import numpy as np
from keras import ops


class NoiseLevels:
    """The levels that a model learns, as tables: signal, noise, weight.

    Args:
        schedule: `NoiseSchedule`.
        prediction: `Prediction`.
        min_snr: float or None. See `DiffusionModel`.

    Raises:
        ValueError: If nothing could be learnt at the last level.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import Prediction
    >>> from keras_nn.schedules import FlowNoise
    >>> levels = NoiseLevels(FlowNoise(4), Prediction("x0"))
    >>> levels.sigmas
    array([0.25, 0.5 , 0.75, 1.  ])
    """

    def __init__(self, schedule, prediction, min_snr=None):
        self.prediction = prediction
        self.times, self.alphas, self.sigmas = schedule.learnt()
        self.weights = np.ones(schedule.steps)
        in_noise = self.alphas[-1] == 0
        if in_noise and prediction.name == "epsilon":
            raise ValueError(
                "The noise is no news where there is noise alone, as in the "
                "schedule's last level: predict 'v', 'x0' or 'flow'. "
                f"Received: prediction='epsilon', {type(schedule).__name__}"
            )
        if min_snr is not None:
            if in_noise or not min_snr > 0:
                raise ValueError(
                    "`min_snr` must be positive, and the schedule must leave "
                    "a signal in its last level, which else has weight 0. "
                    f"Received: {min_snr=}, {type(schedule).__name__}"
                )
            ratio = (self.alphas / self.sigmas) ** 2
            gain = prediction.gain(self.alphas, self.sigmas)
            self.weights = np.minimum(ratio, min_snr) * gain**2

    def signal(self, times):
        """How much of a picture is left at times, from 1 to 0.

        `alpha / sqrt(alpha**2 + sigma**2)`, between the levels on a straight
        line, beyond them as at the last.

        Args:
            times: float tensor `(batch,)`.
        """
        order = np.argsort(self.times)
        left = (self.alphas / np.hypot(self.alphas, self.sigmas))[order]
        left, known = (
            ops.convert_to_tensor(values, "float32")
            for values in (left, self.times[order])
        )
        times = ops.cast(times, "float32")
        above = ops.searchsorted(known, times)
        above = ops.clip(above, 1, len(self.times) - 1)
        low, high = (ops.take(known, i) for i in (above - 1, above))
        share = ops.clip((times - low) / (high - low), 0.0, 1.0)
        low, high = (ops.take(left, i) for i in (above - 1, above))
        return low + share * (high - low)

    def drawn(self, clean, seed=None):
        """Noise and levels for pictures.

        Args:
            clean: float tensor `(batch, ...)`.
            seed: `SeedGenerator`, or None: then the same each time, and the
                levels as even as can be, however many there are.

        Returns:
            `(noise, index)`.
        """
        count = len(self.times)
        batch = ops.shape(clean)[0]
        noise = keras.random.normal(
            ops.shape(clean), dtype="float32", seed=0 if seed is None else seed
        )
        if seed is not None:
            index = keras.random.randint((batch,), 0, count, seed=seed)
            return noise, index
        share = ops.mod(0.618034 * ops.arange(batch, dtype="float32"), 1.0)
        return noise, ops.cast(share * count, "int32")

    def noised(self, clean, noise, index):
        """Pictures at the levels of `index`.

        Args:
            clean: float32 tensor `(batch, ...)`.
            noise: likewise.
            index: int tensor `(batch,)`.

        Returns:
            `(noisy, times, target, weights)`.
        """

        def at(table):
            return ops.take(ops.convert_to_tensor(table, "float32"), index)

        ones = (1,) * (len(clean.shape) - 1)
        alpha, sigma = (
            ops.reshape(at(table), (-1, *ones))
            for table in (self.alphas, self.sigmas)
        )
        noisy = alpha * clean + sigma * noise
        target = self.prediction.target(clean, noise, alpha, sigma)
        return noisy, at(self.times), target, at(self.weights)
