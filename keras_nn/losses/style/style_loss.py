import keras
from keras import ops

from keras_nn.ops.gram_matrix import gram_matrix


@keras.saving.register_keras_serializable(package="keras_nn")
class StyleLoss(keras.losses.Loss):
    """How far the textures of two maps of features are apart.

    `L = 1 / N^2 sum_ij (G_ij(y_pred) - G_ij(y_true))^2`

    with the Gram matrices `G` of `keras_nn.ops.gram_matrix` over the places
    and `N` channels. This is four times the loss of one layer in Gatys et al.;
    where things are in the maps does not matter.

    Args:
        name: str. Name of the loss.
        **kwargs: `reduction` and `dtype`, as of `keras.losses.Loss`.

    Call arguments:
        y_true: features `(batch, height, width, channels)` of the style; or
            one map, `(1, height', width', channels)`, of any size.
        y_pred: features `(batch, height, width, channels)`.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> x = ops.reshape(ops.arange(8.0), (1, 2, 2, 2))
    >>> float(StyleLoss()(x, ops.flip(x, axis=1)))
    0.0

    Reference:
        [Gatys et al., 2016](https://doi.org/10.1109/CVPR.2016.265)
    """

    def __init__(self, name="style_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        return style_loss(y_true, y_pred)


def style_loss(y_true, y_pred):
    """`StyleLoss` of each picture.

    Args:
        y_true: see `StyleLoss`.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> tuple(style_loss(ops.ones((1, 4, 4, 2)), ops.ones((3, 2, 2, 2))).shape)
    (3,)
    """
    distance = gram_matrix(y_pred) - gram_matrix(y_true)
    return ops.mean(ops.square(distance), axis=(1, 2))
