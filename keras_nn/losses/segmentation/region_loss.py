import keras
from keras import ops

from keras_nn.ops.dense_labels import dense_labels


class RegionLoss(keras.losses.Loss):
    """A loss that compares the regions of a picture class by class.

    Abstract. Of every picture and class it sums over the places that count

    `tp = sum p g`, `fp = sum p (1 - g)`, `fn = sum (1 - p) g`

    with the predicted share `p` and the true share `g`; a subclass turns them
    into a loss in `region_loss(tp, fp, fn)`. The loss of a picture is the
    mean over its classes, and the loss of a batch is the mean over its
    pictures: no region reaches over two pictures, so that neither the batch
    size nor the number of replicas changes what is learned.

    Args:
        from_logits: bool. Whether predictions are logits. Defaults to False.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        class_weights: list of float or None. The weight of each class in the
            mean; 0 leaves one out, such as the background. Defaults to None:
            all weigh the same.
        smooth: float. Added above and below each fraction, in pixels, so
            that a class that is neither there nor predicted costs nothing.
            Defaults to 1.
        name: str.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Raises:
        ValueError: if a weight is negative or all are 0, or if `smooth` is
            not positive.
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        class_weights=None,
        smooth=1.0,
        name=None,
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if smooth <= 0:
            raise ValueError(f"`smooth` must be positive. Received: {smooth=}")
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.class_weights = check_class_weights(class_weights)
        self.smooth = smooth

    def call(self, y_true, y_pred):
        *counts, _ = self.counts(y_true, y_pred)
        losses = self.region_loss(*counts)
        return mean_over_classes(losses, self.class_weights)

    def counts(self, y_true, y_pred):
        """`(tp, fp, fn, tn)` of every picture and class."""
        targets, valid = dense_labels(y_true, y_pred, self.ignore_class)
        shares = class_shares(y_pred, self.from_logits)
        places = tuple(range(1, len(y_pred.shape) - 1))
        true = ops.sum(targets * valid, axis=places)  # (batch, classes)
        predicted = ops.sum(shares * valid, axis=places)
        both = ops.sum(shares * targets * valid, axis=places)
        neither = ops.sum(valid, axis=places) - true - predicted + both
        return both, predicted - both, true - both, neither

    def region_loss(self, tp, fp, fn):
        """The loss of every picture and class.

        Args:
            tp: float tensor `(batch, classes)`. Share that is right.
            fp: likewise. Share that is predicted and not there.
            fn: likewise. Share that is there and not predicted.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must override `region_loss`."
        )

    def label_range(self, output_shape):
        """The lowest and the highest label, for predictions of this shape."""
        return 0, max(output_shape[-1] - 1, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "from_logits": self.from_logits,
            "ignore_class": self.ignore_class,
            "class_weights": self.class_weights,
            "smooth": self.smooth,
        }


def check_class_weights(weights):
    """The weights as a list of float, or None."""
    if weights is None:
        return None
    weights = [float(weight) for weight in weights]
    if min(weights) < 0 or not sum(weights):
        raise ValueError(
            "`class_weights` must not be negative, and not all 0. "
            f"Received: class_weights={weights}"
        )
    return weights


def class_shares(y_pred, from_logits):
    """Probabilities of the classes; one channel is that of class 1 of two."""
    if not from_logits:
        return y_pred
    if y_pred.shape[-1] == 1:
        return ops.sigmoid(y_pred)
    return ops.softmax(y_pred, axis=-1)


def mean_over_classes(losses, class_weights):
    """The weighted mean over the last axis."""
    if class_weights is None:
        return ops.mean(losses, axis=-1)
    if len(class_weights) != losses.shape[-1]:
        raise ValueError(
            "`class_weights` must weigh every class of the predictions, "
            f"{losses.shape[-1]}. Received: {len(class_weights)} weights"
        )
    weights = ops.convert_to_tensor(class_weights, dtype=losses.dtype)
    return ops.sum(losses * weights, axis=-1) / sum(class_weights)
