import keras
from keras import ops

from keras_nn.layers.cnn.augmentation_policy import AugmentationPolicy
from keras_nn.layers.cnn.augmentation_policy import strengths

_BINS = 31


@keras.saving.register_keras_serializable(package="keras_nn")
class TrivialAugment(AugmentationPolicy):
    """Each picture through one of 14 operations, of any strength.

    The operations are those of `RandAugment`, in the wide space of the paper:
    up to the slope 0.99 of a shear, 32 pixels of a translation, 135 degrees,
    a departure of 0.99 of a blend, 2 bits that are left. Operation, one of
    31 strengths, and direction are drawn for each picture, equally likely:
    there is nothing to tune.

    Args:
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
        ValueError: if `value_range` is not an interval.

    Example:

    >>> layer = TrivialAugment(seed=0)
    >>> tuple(layer(ops.ones((4, 8, 8, 3)), training=True).shape)
    (4, 8, 8, 3)

    Reference:
        [Müller and Hutter, 2021](https://arxiv.org/abs/2103.10158)
    """

    def __init__(self, value_range=(0, 255), fill=None, seed=None, **kwargs):
        super().__init__(1, value_range, fill, seed, **kwargs)

    def draw_levels(self, count):
        return ops.floor(self._draw((count,)) * _BINS) / (_BINS - 1)

    def strengths(self, levels, height, width):
        return strengths(levels, 0.99, (32.0, 32.0), 135.0, 0.99, 6)

    def get_config(self):
        config = super().get_config()
        del config["num_ops"]
        return config
