import keras
from keras import ops

from keras_nn.ops.dense_labels import dense_labels
from keras_nn.ops.lovasz_gradient import lovasz_extension


@keras.saving.register_keras_serializable(package="keras_nn")
class LovaszHinge(keras.losses.Loss):
    """The Lovasz extension of the Jaccard loss over hinge errors, binary.

    `L = sum_k m_k (J_k - J_{k-1})`, `m = max(0, 1 - z (2 g - 1))`

    with the hinge errors `m` of the logits `z` in falling order, and the
    Jaccard loss `J_k` of getting the worst `k` places wrong. Each picture is
    a region of its own, so the loss of an example depends on it alone.

    Args:
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.

    Call arguments:
        y_true: 0 or 1, of shape `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: logits of class 1 of shape `(batch, ..., 1)`.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if predictions have several channels.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[0, 1, 1]])
    >>> float(LovaszHinge()(masks, 4.0 * masks[..., None] - 2))
    0.0

    Reference:
        [Berman et al., 2018](https://arxiv.org/abs/1705.08790), section 3.1.
    """

    def __init__(
        self,
        ignore_class=None,
        name="lovasz_hinge",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        self.ignore_class = ignore_class

    def call(self, y_true, y_pred):
        if y_pred.shape[-1] != 1:
            raise ValueError(
                "The hinge tells one class from the rest: predictions have one "
                f"channel. Received: shape {tuple(y_pred.shape)}"
            )
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        errors = ops.relu(1 - y_pred * (2 * targets - 1)) * valid
        places = _places(y_pred)
        return lovasz_extension(
            ops.reshape(errors, (-1, places)),
            ops.reshape(targets, (-1, places)),
        )

    def label_range(self, output_shape):
        """The lowest and the highest label."""
        return 0, 1

    def get_config(self):
        return {**super().get_config(), "ignore_class": self.ignore_class}


def _places(y_pred):
    places = 1
    for size in ops.shape(y_pred)[1:]:
        places = places * size
    return places


def lovasz_hinge(y_true, y_pred, ignore_class=None):
    """`LovaszHinge` of each picture.

    Args:
        y_true: 0 or 1, of shape `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: logits of class 1 of shape `(batch, ..., 1)`.
        ignore_class: int or None. Index of places that do not count.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> loss = lovasz_hinge(np.array([[0, 1]]), np.zeros((1, 2, 1)))
    >>> tuple(loss.shape), float(loss[0])
    ((1,), 1.0)
    """
    return LovaszHinge(ignore_class, reduction="none")(y_true, y_pred)
