import keras

from keras_nn.models.gan.gradient_penalty import slope_squares

PLACES = ("real", "fake")


@keras.saving.register_keras_serializable(package="keras_nn")
class ZeroCentredPenalty:
    """Flattens a discriminator at real pictures (R1) or generated ones (R2).

    `weight / 2 * norm(grad D(x))^2`

    Args:
        weight: float. Defaults to 10.
        at: str. `"real"` (R1) or `"fake"` (R2). Defaults to `"real"`.
        every: int. Added in every so many updates only, and then as many
            times as strong. Defaults to 1.

    Call arguments:
        score: callable from pictures to scores `(batch, 1)`.
        real: float tensor, pictures.
        fake: float tensor of the same shape.
        seed: unused.

    Returns:
        A tensor `(batch,)`.

    Raises:
        ValueError: If there is no such place, or `every` is not positive.

    Example:

    >>> from keras import ops
    >>> def score(pictures):
    ...     return pictures**2
    >>> penalty = ZeroCentredPenalty(weight=1.0)
    >>> float(penalty(score, ops.ones((1, 1)), ops.zeros((1, 1)))[0])
    2.0

    Reference:
        [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406), equation 9;
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958) (lazy)
    """

    def __init__(self, weight=10.0, at="real", every=1):
        if at not in PLACES:
            raise ValueError(f"`at` must be one of {PLACES}. Received: {at=}")
        if every < 1:
            raise ValueError(f"`every` must be positive. Received: {every=}")
        self.weight = weight
        self.at = at
        self.every = every

    @property
    def name(self):
        """str. What its log is called, of a GAN that holds it."""
        return "r1_penalty" if self.at == "real" else "r2_penalty"

    def __call__(self, score, real, fake, seed=None):
        pictures = real if self.at == "real" else fake
        return 0.5 * self.weight * slope_squares(score, pictures)

    def get_config(self):
        return {"weight": self.weight, "at": self.at, "every": self.every}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
