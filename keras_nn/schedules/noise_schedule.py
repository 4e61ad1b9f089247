import numpy as np

SPACINGS = ("linspace", "leading", "trailing")


class NoiseSchedule:
    """How much of a picture is left after each step of noising. Abstract.

    `noisy_t = alpha_t * clean + sigma_t * noise`,  `t = 0 ... steps - 1`

    A subclass computes `levels(positions)` and stores its arguments. All but
    `FlowNoise` keep the variance, `alpha**2 + sigma**2 = 1`. What is stated
    as a variance that explodes (EDM) is divided by `sqrt(1 + sigma**2)`, as
    its networks divide their input: samplers give the same pictures.

    Args:
        steps: int. Number of levels that a model learns. Defaults to 1000.

    Attributes:
        spacing: str. Which levels `grid` takes unless told.
        continuous: bool. Whether there are levels between the steps.

    Raises:
        ValueError: If `steps` is less than 2.

    Example:

    >>> from keras_nn.schedules import CosineNoise
    >>> schedule = CosineNoise(steps=100)
    >>> times, alphas, sigmas = schedule.grid(4)
    >>> times.tolist(), alphas.shape
    ([990.0, 740.0, 490.0, 240.0], (5,))
    """

    spacing = "trailing"
    continuous = False

    def __init__(self, steps=1000):
        if steps < 2:
            raise ValueError(f"`steps` must be at least 2. Received: {steps=}")
        self.steps = steps

    def levels(self, positions):
        """Signal and noise at positions of `[0, steps - 1]`.

        Args:
            positions: array of numbers; whole ones unless `continuous`.

        Returns:
            Two float64 arrays, `alpha` and `sigma`.
        """
        raise NotImplementedError(f"{type(self).__name__} defines no `levels`.")

    def times(self, positions):
        """What a network is told of the level: 0 to 1000, for any `steps`."""
        return np.asarray(positions) * (1000 / self.steps)

    def learnt(self):
        """The levels that a model learns, each as often as any other.

        Returns:
            Float64 arrays `times`, `alphas` and `sigmas`, of shape `(steps,)`.
        """
        positions = np.arange(self.steps)
        return (self.times(positions), *self.levels(positions))

    def at_ratios(self, ratios):
        """Levels of given noise over signal, between the steps, too.

        Args:
            ratios: array of positive numbers, `sigma / alpha`.

        Returns:
            Float64 arrays `times`, `alphas` and `sigmas`, of their shape.
        """
        ratios = np.asarray(ratios, "float64")
        positions = np.arange(self.steps)
        alphas, sigmas = self.levels(positions)
        # By the angle, which is finite where there is no signal.
        places = np.interp(
            np.arctan(ratios), np.arctan2(sigmas, alphas), positions
        )
        alphas = 1 / np.sqrt(1 + ratios**2)
        return self.times(places), alphas, ratios * alphas

    def positions(self, steps, spacing=None):
        """Where a sampler of so many steps looks, from noise to picture.

        Args:
            steps: int. Number of steps, at most the schedule's own.
            spacing: str or None. `"linspace"` has both ends, `"leading"` the
                last level of each equal part, `"trailing"` the first. None
                means the schedule's own.

        Returns:
            Float array `(steps,)`, falling.

        Raises:
            ValueError: If the spacing is unknown or the steps do not fit.
        """
        spacing = spacing or self.spacing
        if spacing not in SPACINGS:
            raise ValueError(
                f"`spacing` must be one of {SPACINGS}. Received: {spacing=}"
            )
        least = 2 if spacing == "leading" else 1  # else it begins at no noise
        if not least <= steps <= self.steps:
            raise ValueError(
                f"`steps` must be from {least} to {self.steps} with spacing "
                f"{spacing!r}. Received: {steps=}"
            )
        if spacing == "linspace":
            found = np.linspace(self.steps - 1, 0, steps)
        elif spacing == "leading":
            found = np.arange(steps)[::-1] * (self.steps // steps)
        else:
            found = self.steps - np.arange(steps) * (self.steps / steps)
        if not self.continuous:
            found = np.round(found)
        return found - 1.0 if spacing == "trailing" else found * 1.0

    def grid(self, steps, spacing=None):
        """What a sampler needs of the schedule.

        Args:
            steps: int. Number of steps.
            spacing: as in `positions`.

        Returns:
            `times` of shape `(steps,)`, and `alphas` and `sigmas` of shape
            `(steps + 1,)`; the last pair is the picture itself, 1 and 0.
        """
        positions = self.positions(steps, spacing)
        alphas, sigmas = self.levels(positions)
        return self.times(positions), np.append(alphas, 1), np.append(sigmas, 0)

    def get_config(self):
        return {"steps": self.steps}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def levels_of_betas(betas, positions):
    """Signal and noise where each step replaces a share of the variance.

    `alpha_t**2 = (1 - beta_0) ... (1 - beta_t)`

    Args:
        betas: array `(steps,)`, in `[0, 1]`.
        positions: array of whole numbers.

    Returns:
        Two float64 arrays, `alpha` and `sigma`.
    """
    kept = np.cumprod(1 - np.asarray(betas, "float64"))
    kept = kept[np.asarray(positions).astype("int64")]
    return np.sqrt(kept), np.sqrt(1 - kept)


def check_betas(beta_start, beta_end):
    """Raise unless the shares are such."""
    if not 0 < beta_start <= beta_end < 1:
        raise ValueError(
            "`beta_start` and `beta_end` must be shares, 0 < start <= end < "
            f"1. Received: {beta_start=}, {beta_end=}"
        )
