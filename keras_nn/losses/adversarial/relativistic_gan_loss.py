import keras
from keras import ops

from keras_nn.losses.adversarial.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class RelativisticGANLoss(AdversarialLoss):
    """Is this real picture more real than this generated one?

    discriminator: `softplus(f - r)`
    generator: `softplus(r - f)`

    with `r` and `f` the scores of a real and a generated picture.
    Pictures are paired as they stand in the batch.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"relativistic_gan_loss"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        The loss of one side, reduced.

    Example:

    >>> from keras import ops
    >>> loss = RelativisticGANLoss()
    >>> round(float(loss(ops.ones((2, 1)), ops.zeros((2, 1)))), 4)
    0.3133

    Reference:
        [Jolicoeur-Martineau, 2018](https://arxiv.org/abs/1807.00734),
        section 3.2
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name="relativistic_gan_loss",
        dtype=None,
    ):
        super().__init__(side, reduction, name, dtype)

    def discriminator(self, real, fake):
        return ops.softplus(fake - real)

    def generator(self, real, fake):
        return ops.softplus(real - fake)


def relativistic_gan_loss(y_true, y_pred, side="discriminator"):
    """Loss of each example; see `RelativisticGANLoss`.

    Args:
        y_true: scores of real pictures, `(batch, 1)`.
        y_pred: scores of generated pictures, `(batch, 1)`.
        side: str. `"discriminator"` or `"generator"`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> loss = relativistic_gan_loss(ops.ones((2, 1)), ops.zeros((2, 1)))
    >>> tuple(loss.shape)
    (2,)
    """
    return RelativisticGANLoss(side, reduction="none")(y_true, y_pred)
