import keras
from keras import ops

from keras_nn.layers.cnn.augmentation_policy import AugmentationPolicy
from keras_nn.layers.cnn.augmentation_policy import strengths

HIGHEST = 30


@keras.saving.register_keras_serializable(package="keras_nn")
class RandAugment(AugmentationPolicy):
    """Each picture through a few of 14 operations, all of one magnitude.

    The operations: identity, shear and translation along either axis,
    rotation, brightness, color, contrast, sharpness, posterize, solarize,
    auto contrast, equalize. Each picture draws its own `num_ops`, equally
    likely, and their directions. At magnitude 30 a shear has the slope 0.3,
    a translation is 150/331 of the side, a rotation 30 degrees, a blend
    departs from 1 by 0.9, 4 bits are left, everything is turned round.

    `keras.layers.RandAugment` draws its operations once a batch, moves
    pictures in one direction only, and runs on the host; this layer does
    what the paper says, and XLA compiles it.

    Args:
        num_ops: int. Operations a picture. Defaults to 2.
        magnitude: float of 0..30. Defaults to 9.
        value_range: pair of floats. What is black, and what is white.
            Defaults to (0, 255).
        fill: float, of `value_range`. What comes in from outside. Defaults to
            its lower end.
        seed: int or None. Seed of the draws.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`.
        training: bool. Inputs pass as they are unless it is True.

    Returns:
        A float tensor of the same shape.

    Raises:
        ValueError: if an argument is out of its range.

    Example:

    >>> layer = RandAugment(num_ops=2, magnitude=9, seed=0)
    >>> tuple(layer(ops.ones((4, 8, 8, 3)), training=True).shape)
    (4, 8, 8, 3)

    Reference:
        [Cubuk et al., 2020](https://arxiv.org/abs/1909.13719)
    """

    def __init__(
        self,
        num_ops=2,
        magnitude=9,
        value_range=(0, 255),
        fill=None,
        seed=None,
        **kwargs,
    ):
        super().__init__(num_ops, value_range, fill, seed, **kwargs)
        if not 0 <= magnitude <= HIGHEST:
            raise ValueError(
                f"`magnitude` must lie in 0..{HIGHEST}. Received: {magnitude=}"
            )
        self.magnitude = magnitude

    def draw_levels(self, count):
        return ops.ones((count,)) * (self.magnitude / HIGHEST)

    def strengths(self, levels, height, width):
        share = 150.0 / 331.0
        sides = ops.cast(width, "float32"), ops.cast(height, "float32")
        along = [share * side for side in sides]
        return strengths(levels, 0.3, along, 30.0, 0.9, 4)

    def get_config(self):
        return {**super().get_config(), "magnitude": self.magnitude}
