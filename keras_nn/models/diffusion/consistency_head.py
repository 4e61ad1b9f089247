"""What a `ConsistencyModel` makes of its network: the end of a way."""

import math

import numpy as np
from keras import ops

_KNOTS = 4096  # levels that lie closer than float32 tells apart


class EDMHead:
    """A network of EDM, whose skip keeps a picture of the lowest level.

    `f(y, r) = c_skip * y + c_out * network(c_in * y, r)`, see
    `ConsistencyModel`.

    Args:
        schedule: `EDMNoise`.
    """

    def __init__(self, schedule):
        self.schedule = schedule

    def __call__(self, noisy, ratios, wide, ask):
        """Ends of the ways of noisy pictures.

        Args:
            noisy: float32 tensor `(batch, ...)`, picture and `r` times noise.
            ratios: float32 tensor `(batch,)`.
            wide: callable that lets numbers `(batch,)` broadcast.
            ask: callable of what the network sees and is told of the level.
        """
        d, e = self.schedule.sigma_data, self.schedule.sigma_min
        r = wide(ratios)
        total = ops.sqrt(r * r + d * d)
        said = ask(noisy / total, self.schedule.times_of(ops.log(ratios)))
        kept = d * d / ((r - e) ** 2 + d * d)
        return kept * noisy + d * (r - e) / total * said


class StepHead:
    """A network of any schedule and prediction: a step to the lowest level.

    `f(y, r) = e / r * y + (1 - e / r) * clean(alpha * y, r)`

    An Euler step along the flow, from `r` to `e`, with what the network's
    output means for the picture; it is `y` itself at `e`.

    Args:
        levels: `EDMNoise`, whose lowest and highest ratios are the ends.
        schedule: `NoiseSchedule` of the network.
        prediction: `Prediction` of the network.

    Reference:
        [Kim et al., 2023](https://arxiv.org/abs/2310.02279), equation 9 with
        `s = e`
    """

    def __init__(self, levels, schedule, prediction):
        self.least = levels.sigma_min
        self.prediction = prediction
        self.start = math.log(levels.sigma_min)
        self.reach = math.log(levels.sigma_max) - self.start
        share = np.arange(_KNOTS + 1) / _KNOTS
        found = schedule.at_ratios(np.exp(self.start + share * self.reach))
        self.table = np.stack(found, axis=1).astype("float32")

    def __call__(self, noisy, ratios, wide, ask):
        """As `EDMHead`'s."""
        times, alphas, sigmas = self._levels(ratios)
        alpha, seen = wide(alphas), wide(alphas) * noisy
        said = ask(seen, times)
        clean, _ = self.prediction.parts(said, seen, alpha, wide(sigmas))
        left = self.least / wide(ratios)
        return left * noisy + (1 - left) * clean

    def _levels(self, ratios):
        """Times, signal and noise of ratios, between those of the table."""
        place = (ops.log(ratios) - self.start) * (_KNOTS / self.reach)
        below = ops.clip(ops.floor(place), 0, _KNOTS - 1)
        share = ops.expand_dims(place - below, -1)
        table = ops.convert_to_tensor(self.table)
        index = ops.cast(below, "int32")
        low = ops.take(table, index, axis=0)
        high = ops.take(table, index + 1, axis=0)
        return ops.unstack(low + share * (high - low), axis=-1)


def head_of(levels, teacher, as_teacher):
    """`EDMHead`, or the `StepHead` of a `DiffusionModel`'s network."""
    if not as_teacher:
        return EDMHead(levels)
    if teacher is None:
        raise ValueError("`as_teacher` needs one. Received: no teacher")
    return StepHead(levels, teacher.schedule, teacher.levels.prediction)
