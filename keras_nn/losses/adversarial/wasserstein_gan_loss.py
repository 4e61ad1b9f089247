import keras

from keras_nn.losses.adversarial.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class WassersteinGANLoss(AdversarialLoss):
    """The difference of scores: a distance, for a critic of bounded slope.

    discriminator: `f - r`
    generator: `-f`

    with `r` and `f` the scores of a real and a generated picture.
    The slope is bounded by a penalty (`GradientPenalty`) or by
    `SpectralNormalized` layers.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"wasserstein_gan_loss"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        The loss of one side, reduced.

    Example:

    >>> from keras import ops
    >>> loss = WassersteinGANLoss()
    >>> round(float(loss(ops.ones((2, 1)), ops.zeros((2, 1)))), 4)
    -1.0

    Reference:
        [Arjovsky et al., 2017](https://arxiv.org/abs/1701.07875)
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name="wasserstein_gan_loss",
        dtype=None,
    ):
        super().__init__(side, reduction, name, dtype)

    def discriminator(self, real, fake):
        return fake - real

    def generator(self, real, fake):
        return -fake


def wasserstein_gan_loss(y_true, y_pred, side="discriminator"):
    """Loss of each example; see `WassersteinGANLoss`.

    Args:
        y_true: scores of real pictures, `(batch, 1)`.
        y_pred: scores of generated pictures, `(batch, 1)`.
        side: str. `"discriminator"` or `"generator"`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> loss = wasserstein_gan_loss(ops.ones((2, 1)), ops.zeros((2, 1)))
    >>> tuple(loss.shape)
    (2,)
    """
    return WassersteinGANLoss(side, reduction="none")(y_true, y_pred)
