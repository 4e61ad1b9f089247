import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ContentLoss(keras.losses.Loss):
    """How far two maps of features are apart, place by place.

    `L = mean (y_pred - y_true)^2` over places and channels

    as in Johnson et al.; Gatys et al. take half of the sum.

    Args:
        name: str. Name of the loss.
        **kwargs: `reduction` and `dtype`, as of `keras.losses.Loss`.

    Call arguments:
        y_true: features `(batch, height, width, channels)` of the content.
        y_pred: features of the same shape.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> x = ops.ones((1, 2, 2, 3))
    >>> float(ContentLoss()(x, 3 * x))
    4.0

    Reference:
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155), section 3.2
    """

    def __init__(self, name="content_loss", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        return content_loss(y_true, y_pred)


def content_loss(y_true, y_pred):
    """`ContentLoss` of each picture.

    Args:
        y_true: see `ContentLoss`.
        y_pred: likewise.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> x = ops.ones((2, 2, 2, 3))
    >>> content_loss(x, x).numpy().tolist()
    [0.0, 0.0]
    """
    y_true, y_pred = (ops.cast(y, "float32") for y in (y_true, y_pred))
    error = ops.square(y_pred - y_true)
    return ops.mean(error, axis=tuple(range(1, len(error.shape))))
