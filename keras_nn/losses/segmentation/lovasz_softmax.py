import keras
from keras import ops

from keras_nn.losses.segmentation.region_loss import class_shares
from keras_nn.ops.dense_labels import dense_labels
from keras_nn.ops.lovasz_gradient import lovasz_extension


@keras.saving.register_keras_serializable(package="keras_nn")
class LovaszSoftmax(keras.losses.Loss):
    """The Lovasz extension of the mean Jaccard loss over classes.

    `L = mean_c sum_k m_k (J_k - J_{k-1})`, `m = |g_c - p_c|`

    with the errors `m` of class `c` in falling order, and the Jaccard loss
    `J_k` of getting the worst `k` places wrong. The mean goes over the classes
    that are in the picture. Each picture is a region of its own, so the loss
    of an example depends on it alone.

    Args:
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.
        present_only: bool. Whether the mean goes over the classes that are in
            the picture, as in the paper, and not over all. Defaults to True.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: float tensor `(batch, ..., classes)`; one channel stands for
            class 1 of two.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[0, 1, 1]])
    >>> float(LovaszSoftmax()(masks, np.eye(3)[masks]))
    0.0

    Reference:
        [Berman et al., 2018](https://arxiv.org/abs/1705.08790), section 3.2.
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        present_only=True,
        name="lovasz_softmax",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.present_only = present_only

    def call(self, y_true, y_pred):
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        shares = class_shares(y_pred, self.from_logits)
        errors = ops.abs(targets - shares) * valid
        losses = lovasz_extension(_by_class(errors), _by_class(targets))
        if not self.present_only or y_pred.shape[-1] == 1:
            return ops.mean(losses, axis=-1)
        present = ops.any(_by_class(targets) > 0, axis=-1)
        present = ops.cast(present, losses.dtype)  # (batch, classes)
        count = ops.maximum(ops.sum(present, axis=-1), 1)
        return ops.sum(losses * present, axis=-1) / count

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, max(output_shape[-1] - 1, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "ignore_class": self.ignore_class,
            "present_only": self.present_only,
        }


def _by_class(values):
    """`(batch, ..., classes)` as `(batch, classes, places)`."""
    shape = ops.shape(values)
    values = ops.reshape(values, (shape[0], -1, values.shape[-1]))
    return ops.transpose(values, (0, 2, 1))


def lovasz_softmax(
    y_true, y_pred, from_logits=False, ignore_class=None, present_only=True
):
    """`LovaszSoftmax` of each picture.

    Args:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: float tensor `(batch, ..., classes)`.
        from_logits: bool. Whether predictions are logits.
        ignore_class: int or None. Index of places that do not count.
        present_only: bool. Whether the mean goes over the classes that are in
            the picture, and not over all.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[0, 1]])
    >>> float(lovasz_softmax(masks, np.eye(2)[1 - masks])[0])
    1.0
    """
    loss = LovaszSoftmax(
        from_logits, ignore_class, present_only, reduction="none"
    )
    return loss(y_true, y_pred)
