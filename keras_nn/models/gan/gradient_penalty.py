import keras
from keras import ops

from keras_nn.training import input_gradients


@keras.saving.register_keras_serializable(package="keras_nn")
class GradientPenalty:
    """Holds the slope of a critic to 1 between real and generated pictures.

    `weight * (norm(grad D(x)) - target)^2`, `x = t real + (1 - t) fake`, with
    `t` uniform, one a pair.

    Args:
        weight: float. Defaults to 10.
        target: float. The slope wanted. Defaults to 1.

    Call arguments:
        score: callable from pictures to scores `(batch, 1)`.
        real: float tensor, pictures.
        fake: float tensor of the same shape.
        seed: int or `keras.random.SeedGenerator`.

    Returns:
        A tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> def score(pictures):
    ...     return 3.0 * pictures
    >>> float(GradientPenalty()(score, ops.ones((1, 1)), ops.zeros((1, 1)))[0])
    40.0

    Reference:
        [Gulrajani et al., 2017](https://arxiv.org/abs/1704.00028), equation 3
    """

    name = "gradient_penalty"

    def __init__(self, weight=10.0, target=1.0):
        self.weight = weight
        self.target = target

    def __call__(self, score, real, fake, seed=None):
        shape = (ops.shape(real)[0], *(1 for _ in real.shape[1:]))
        t = keras.random.uniform(shape, dtype="float32", seed=seed)
        squares = slope_squares(score, t * real + (1 - t) * fake)
        slope = ops.sqrt(ops.maximum(squares, 1e-24))
        return self.weight * ops.square(slope - self.target)

    def get_config(self):
        return {"weight": self.weight, "target": self.target}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def slope_squares(score, pictures):
    """Squared norm `(batch,)` of the gradient of a score by its picture."""
    _, gradients = input_gradients(score, pictures)
    axes = tuple(range(1, len(gradients.shape)))
    return ops.sum(ops.square(gradients), axis=axes)
