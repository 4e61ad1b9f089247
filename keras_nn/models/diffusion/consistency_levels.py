import math

import keras
from keras import ops

DISTANCES = ("squared", "pseudo_huber")


class ConsistencyLevels:
    """Pairs of neighbouring noise levels, closer together as training goes on.

    Step `k` of `total_steps` uses `N` levels of Karras,

    `N(k) = ceil(sqrt(k / K * ((last + 1)**2 - first**2) + first**2) - 1) + 1`,
    `r_i = (a + i / (N - 1) * (b - a)) ** rho`,
    `a = sigma_min ** (1 / rho)`, `b = sigma_max ** (1 / rho)`,

    and the target network keeps `mu(k) = exp(first * log(momentum) / N)` of
    itself.

    Args:
        schedule: `EDMNoise`.
        first: int. Levels at first, at least 2.
        last: int. Levels at the end.
        total_steps: int. Steps in which they grow.
        momentum: float in [0, 1). What the target keeps at first.

    Example:

    >>> from keras_nn.schedules import EDMNoise
    >>> levels = ConsistencyLevels(EDMNoise(), 2, 150, 1000, 0.9)
    >>> [int(levels.count(ops.array(step))) for step in (0, 500, 1000)]
    [2, 107, 151]

    Reference:
        [Song et al., 2023](https://arxiv.org/abs/2303.01469), appendix C
    """

    def __init__(self, schedule, first, last, total_steps, momentum):
        if not 2 <= first <= last or total_steps < 1:
            raise ValueError(
                "`levels` must be at least 2 and must not fall; `total_steps` "
                f"must be positive. Received: levels=({first}, {last}), "
                f"{total_steps=}"
            )
        if not 0 <= momentum < 1:
            raise ValueError(
                f"`momentum` must be in [0, 1). Received: {momentum=}"
            )
        self.schedule = schedule
        self.first = first
        self.last = last
        self.total_steps = total_steps
        self.momentum = momentum

    def count(self, step):
        """How many levels a step of training has: float tensor."""
        if self.first == self.last:
            return ops.convert_to_tensor(float(self.first), "float32")
        share = ops.cast(step, "float32") / self.total_steps
        share = ops.minimum(share, 1.0)
        squared = share * ((self.last + 1.0) ** 2 - self.first**2)
        root = ops.sqrt(squared + float(self.first) ** 2)
        return ops.ceil(root - 1.0) + 1.0

    def kept(self, count):
        """What the target network keeps of itself, for so many levels."""
        if not self.momentum:
            return ops.zeros_like(count)
        return ops.exp(self.first * math.log(self.momentum) / count)

    def ratios(self, index, count):
        """Noise over signal at levels of `count`, from 0, the lowest."""
        rho = self.schedule.rho
        low, high = (
            s ** (1 / rho)
            for s in (self.schedule.sigma_min, self.schedule.sigma_max)
        )
        return (low + index / (count - 1.0) * (high - low)) ** rho

    def pairs(self, count, batch, seed):
        """Draws a level above the lowest for each picture, of `count`.

        Returns:
            Its index, its ratio and that of the level below: floats
            `(batch,)`.
        """
        share = keras.random.uniform((batch,), seed=seed)
        index = ops.minimum(ops.floor(share * (count - 1)) + 1, count - 1)
        return index, self.ratios(index, count), self.ratios(index - 1, count)


def check_distance(distance):
    """Raise unless there is such a distance."""
    if distance not in DISTANCES:
        raise ValueError(
            f"`distance` must be one of {DISTANCES}. Received: {distance=}"
        )


def distances(found, target, kind):
    """How far pictures lie apart, one by one.

    Args:
        found: float32 tensor `(batch, ...)`.
        target: likewise.
        kind: `"squared"`, the mean of squares; or `"pseudo_huber"`,
            `sqrt(|found - target|^2 + c^2) - c`, `c = 0.00054 * sqrt(size)`.

    Returns:
        A tensor `(batch,)`.
    """
    axes = tuple(range(1, len(found.shape)))
    squares = ops.square(found - target)
    if kind == "squared":
        return ops.mean(squares, axis=axes)
    c = 0.00054 * math.sqrt(math.prod(found.shape[1:]))
    return ops.sqrt(ops.sum(squares, axis=axes) + c * c) - c
