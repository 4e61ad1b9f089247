import keras
from keras import ops

from keras_nn.losses.adversarial.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class NonSaturatingGANLoss(AdversarialLoss):
    """Real or not; the generator raises the probability of real.

    discriminator: `softplus(-r) + softplus(f)`
    generator: `softplus(-f)`

    with `r` and `f` the scores of a real and a generated picture.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"non_saturating_gan_loss"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        The loss of one side, reduced.

    Example:

    >>> from keras import ops
    >>> loss = NonSaturatingGANLoss()
    >>> round(float(loss(ops.ones((2, 1)), ops.zeros((2, 1)))), 4)
    1.0064

    Reference:
        [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), section 3
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name="non_saturating_gan_loss",
        dtype=None,
    ):
        super().__init__(side, reduction, name, dtype)

    def discriminator(self, real, fake):
        return ops.softplus(-real) + ops.softplus(fake)

    def generator(self, real, fake):
        return ops.softplus(-fake)


def non_saturating_gan_loss(y_true, y_pred, side="discriminator"):
    """Loss of each example; see `NonSaturatingGANLoss`.

    Args:
        y_true: scores of real pictures, `(batch, 1)`.
        y_pred: scores of generated pictures, `(batch, 1)`.
        side: str. `"discriminator"` or `"generator"`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> loss = non_saturating_gan_loss(ops.ones((2, 1)), ops.zeros((2, 1)))
    >>> tuple(loss.shape)
    (2,)
    """
    return NonSaturatingGANLoss(side, reduction="none")(y_true, y_pred)
