import keras
from keras import ops

from keras_nn.losses.adversarial.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class HingeGANLoss(AdversarialLoss):
    """Scores count until they are beyond a margin of 1.

    discriminator: `max(0, 1 - r) + max(0, 1 + f)`
    generator: `-f`

    with `r` and `f` the scores of a real and a generated picture.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"hinge_gan_loss"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        The loss of one side, reduced.

    Example:

    >>> from keras import ops
    >>> loss = HingeGANLoss()
    >>> round(float(loss(ops.ones((2, 1)), ops.zeros((2, 1)))), 4)
    1.0

    Reference:
        [Lim and Ye, 2017](https://arxiv.org/abs/1705.02894);
        [Miyato et al., 2018](https://arxiv.org/abs/1802.05957)
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name="hinge_gan_loss",
        dtype=None,
    ):
        super().__init__(side, reduction, name, dtype)

    def discriminator(self, real, fake):
        return ops.relu(1.0 - real) + ops.relu(1.0 + fake)

    def generator(self, real, fake):
        return -fake


def hinge_gan_loss(y_true, y_pred, side="discriminator"):
    """Loss of each example; see `HingeGANLoss`.

    Args:
        y_true: scores of real pictures, `(batch, 1)`.
        y_pred: scores of generated pictures, `(batch, 1)`.
        side: str. `"discriminator"` or `"generator"`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> loss = hinge_gan_loss(ops.ones((2, 1)), ops.zeros((2, 1)))
    >>> tuple(loss.shape)
    (2,)
    """
    return HingeGANLoss(side, reduction="none")(y_true, y_pred)
