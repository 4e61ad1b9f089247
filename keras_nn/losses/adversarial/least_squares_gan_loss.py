import keras
from keras import ops

from keras_nn.losses.adversarial.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_nn")
class LeastSquaresGANLoss(AdversarialLoss):
    """Scores are drawn to 1 for real and to 0 for generated pictures.

    discriminator: `((r - 1)^2 + f^2) / 2`
    generator: `(f - 1)^2 / 2`

    with `r` and `f` the scores of a real and a generated picture.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"least_squares_gan_loss"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        The loss of one side, reduced.

    Example:

    >>> from keras import ops
    >>> loss = LeastSquaresGANLoss()
    >>> round(float(loss(ops.ones((2, 1)), ops.zeros((2, 1)))), 4)
    0.0

    Reference:
        [Mao et al., 2017](https://arxiv.org/abs/1611.04076), equation 9
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name="least_squares_gan_loss",
        dtype=None,
    ):
        super().__init__(side, reduction, name, dtype)

    def discriminator(self, real, fake):
        return 0.5 * (ops.square(real - 1.0) + ops.square(fake))

    def generator(self, real, fake):
        return 0.5 * ops.square(fake - 1.0)


def least_squares_gan_loss(y_true, y_pred, side="discriminator"):
    """Loss of each example; see `LeastSquaresGANLoss`.

    Args:
        y_true: scores of real pictures, `(batch, 1)`.
        y_pred: scores of generated pictures, `(batch, 1)`.
        side: str. `"discriminator"` or `"generator"`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> loss = least_squares_gan_loss(ops.ones((2, 1)), ops.zeros((2, 1)))
    >>> tuple(loss.shape)
    (2,)
    """
    return LeastSquaresGANLoss(side, reduction="none")(y_true, y_pred)
