import keras
from keras import ops

SIDES = ("discriminator", "generator")


@keras.saving.register_keras_serializable(package="keras_nn")
class AdversarialLoss(keras.losses.Loss):
    """What the two players of a GAN make small. Abstract.

    A subclass says `discriminator(real, fake)` and `generator(real, fake)`,
    each the loss of every example, given the scores that the discriminator
    gives real and generated pictures. As a Keras loss it is that of one side.

    Args:
        side: str. `"discriminator"` or `"generator"`. Defaults to
            `"discriminator"`.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str or None.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: scores of real pictures, `(batch, 1)`, unbounded.
        y_pred: scores of generated pictures, of the same shape.

    Returns:
        A float tensor `(batch,)` under `reduction="none"`.

    Raises:
        ValueError: if there is no such side.

    Example:

    >>> from keras import ops
    >>> from keras_nn.losses import HingeGANLoss
    >>> loss = HingeGANLoss(side="generator")
    >>> float(loss(ops.ones((2, 1)), ops.zeros((2, 1)) + 3.0))
    -3.0
    """

    def __init__(
        self,
        side="discriminator",
        reduction="sum_over_batch_size",
        name=None,
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if side not in SIDES:
            raise ValueError(
                f"`side` must be one of {SIDES}. Received: {side=}"
            )
        self.side = side

    def discriminator(self, real, fake):
        """Loss of the discriminator, of the shape of the scores."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no `discriminator`."
        )

    def generator(self, real, fake):
        """Loss of the generator, of the shape of the scores."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no `generator`."
        )

    def call(self, y_true, y_pred):
        values = getattr(self, self.side)(y_true, y_pred)
        return ops.mean(values, axis=-1)

    def get_config(self):
        return {**super().get_config(), "side": self.side, "dtype": self.dtype}
