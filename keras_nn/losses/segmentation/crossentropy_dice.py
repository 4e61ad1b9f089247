import keras
from keras import ops

from keras_nn.losses.segmentation.region_loss import RegionLoss
from keras_nn.losses.segmentation.region_loss import class_shares
from keras_nn.ops.dense_labels import dense_labels


@keras.saving.register_keras_serializable(package="keras_nn")
class CrossentropyDice(RegionLoss):
    """Cross-entropy of places plus Dice loss of regions: the usual pair.

    `L = -sum w_g log p_g / n + dice_weight * (1 - Dice)`

    with `p_g` the predicted share of the true class, `w_g` its weight and
    `n` the places of the picture that count. The first part makes every pixel
    speak from the first step on, the second keeps small classes alive. With
    smoothing, the first part has the targets `(1 - s) g + s / classes`.

    Args:
        dice_weight: float. Weight of the Dice loss; 0 leaves the
            cross-entropy. Defaults to 1.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in both
            parts. Defaults to None: all weigh the same.
        smooth: float. As in `DiceLoss`. Defaults to 1.
        label_smoothing: float in [0, 1). Share `s` of a target that is spread
            over all classes, two for one channel. Defaults to 0.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`, or rows of
            class shares `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`; one channel stands for
            class 1 of two.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if `dice_weight` is negative or `label_smoothing` is no
            share.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 0], [1, 1]]])
    >>> round(float(CrossentropyDice()(masks, np.eye(2)[masks])), 5)
    0.0

    Reference:
        [Isensee et al., 2021](https://doi.org/10.1038/s41592-020-01008-z)
    """

    def __init__(
        self,
        dice_weight=1.0,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        label_smoothing=0.0,
        name="crossentropy_dice",
        **kwargs,
    ):
        super().__init__(
            from_logits,
            ignore_class,
            class_weights,
            smooth,
            name,
            **kwargs,
        )
        if dice_weight < 0:
            raise ValueError(
                f"`dice_weight` must not be negative. Received: {dice_weight=}"
            )
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` must lie in [0, 1). "
                f"Received: {label_smoothing=}"
            )
        self.dice_weight = dice_weight
        self.label_smoothing = label_smoothing

    def call(self, y_true, y_pred):
        entropy = self._crossentropy(y_true, y_pred)
        if not self.dice_weight:
            return entropy
        return entropy + self.dice_weight * super().call(y_true, y_pred)

    def region_loss(self, tp, fp, fn):
        return 1 - (2 * tp + self.smooth) / (2 * tp + fp + fn + self.smooth)

    def get_config(self):
        return {
            **super().get_config(),
            "dice_weight": self.dice_weight,
            "label_smoothing": self.label_smoothing,
        }

    def _crossentropy(self, y_true, y_pred):
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        places = tuple(range(1, len(y_pred.shape)))
        if self.label_smoothing:
            spread = self.label_smoothing / max(y_pred.shape[-1], 2)
            targets = (1 - self.label_smoothing) * targets + spread
        if self.from_logits and y_pred.shape[-1] == 1:
            parts = [ops.log_sigmoid(y_pred), ops.log_sigmoid(-y_pred)]
        elif self.from_logits:
            parts = [ops.log_softmax(y_pred, axis=-1)]
        else:
            shares = ops.clip(class_shares(y_pred, False), 1e-7, 1 - 1e-7)
            parts = [ops.log(shares), ops.log(1 - shares)]
        if y_pred.shape[-1] == 1:
            weights = self.class_weights or [1.0]
            found = weights[0] * targets * parts[0] + (1 - targets) * parts[1]
        else:
            weights = ops.convert_to_tensor(
                self.class_weights or [1.0] * y_pred.shape[-1],
                dtype=y_pred.dtype,
            )
            found = weights * targets * parts[0]
        count = ops.maximum(ops.sum(valid, axis=places), 1)
        return -ops.sum(found * valid, axis=places) / count


def crossentropy_dice(
    y_true,
    y_pred,
    dice_weight=1.0,
    from_logits=False,
    ignore_class=None,
    class_weights=None,
    smooth=1.0,
    label_smoothing=0.0,
):
    """`CrossentropyDice` of each picture.

    Args:
        y_true: class indices or shares, see `CrossentropyDice`.
        y_pred: float tensor `(batch, ..., classes)`.
        dice_weight: float. Weight of the Dice loss.
        from_logits: bool. Whether predictions are logits.
        ignore_class: int or None. Index of places that do not count.
        class_weights: list of float or None. The weight of each class.
        smooth: float. As in `DiceLoss`.
        label_smoothing: float. Share of a target that is spread.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> import numpy as np
    >>> masks = np.array([[[0, 1]]])
    >>> tuple(crossentropy_dice(masks, np.eye(2)[masks]).shape)
    (1,)
    """
    loss = CrossentropyDice(
        dice_weight,
        from_logits,
        ignore_class,
        class_weights,
        smooth,
        label_smoothing,
        reduction="none",
    )
    return loss(y_true, y_pred)
