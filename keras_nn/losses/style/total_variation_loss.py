import keras

from keras_nn.ops.total_variation import total_variation


@keras.saving.register_keras_serializable(package="keras_nn")
class TotalVariationLoss(keras.losses.Loss):
    """How rough a picture is, whatever it should look like.

    `L = mean (x_{i+1,j} - x_ij)^2 + mean (x_{i,j+1} - x_ij)^2`

    Args:
        name: str. Name of the loss.
        **kwargs: `reduction` and `dtype`, as of `keras.losses.Loss`.

    Call arguments:
        y_true: anything; it does not count.
        y_pred: pictures `(batch, height, width, channels)`.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> from keras import ops
    >>> flat = ops.ones((1, 4, 4, 3))
    >>> float(TotalVariationLoss()(flat, flat))
    0.0

    Reference:
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155), section 3.2
    """

    def __init__(self, name="total_variation_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        return total_variation(y_pred)
