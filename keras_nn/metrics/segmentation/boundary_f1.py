import keras
from keras import ops

from keras_nn.metrics.segmentation.place_confusion import predicted_classes
from keras_nn.ops.dense_labels import dense_labels


@keras.saving.register_keras_serializable(package="keras_nn")
class BoundaryF1(keras.metrics.Metric):
    """How well the boundaries of regions are met, up to a few pixels.

    `F1 = 2 P R / (P + R)` with `P` the share of predicted boundary pixels
    that have a true one within `tolerance`, and `R` the other way round

    of each class in each picture, averaged over the classes of the picture
    (those that are there or predicted), then over pictures. A boundary pixel
    is one of the region with a pixel outside the region among its 8
    neighbours; the frame of the picture is no boundary. Distances are the
    larger of rows and columns.

    Args:
        num_classes: int. At least 2.
        tolerance: int. Pixels by which a boundary may be off. Defaults to 2.
        classes: list of int or None. The classes that count. Defaults to
            None: all.
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.
        threshold: float. From where on one channel means class 1. Defaults to
            0.5.
        name: str. Defaults to `"boundary_f1"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: class indices `(batch, height, width)`, or with a last axis of
            1.
        y_pred: float tensor `(batch, height, width, classes)`; one channel
            stands for class 1 of two.

    Returns:
        A scalar in [0, 1]. Pictures without any boundary do not count.

    Raises:
        ValueError: if there are fewer than two classes, or `tolerance` is
            negative.

    Example:

    >>> import numpy as np
    >>> masks = np.zeros((1, 8, 8), int)
    >>> masks[:, 2:6, 2:6] = 1
    >>> metric = BoundaryF1(num_classes=2, tolerance=1)
    >>> metric.update_state(masks, np.eye(2)[np.roll(masks, 1, axis=1)])
    >>> float(metric.result())
    1.0

    Reference:
        [Csurka et al., 2013](https://doi.org/10.5244/C.27.32), section 3.
    """

    def __init__(
        self,
        num_classes,
        tolerance=2,
        classes=None,
        ignore_class=None,
        threshold=0.5,
        name="boundary_f1",
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if num_classes < 2 or tolerance < 0:
            raise ValueError(
                "`num_classes` must be at least 2, and `tolerance` not "
                f"negative. Received: {num_classes=}, {tolerance=}"
            )
        self.num_classes = num_classes
        self.tolerance = tolerance
        self.classes = None if classes is None else list(classes)
        self.ignore_class = ignore_class
        self.threshold = threshold
        self.total = self.add_variable((), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch.

        Args:
            y_true: class indices `(batch, height, width)`.
            y_pred: float tensor `(batch, height, width, classes)`.
            sample_weight: float tensor `(batch,)`, or None.
        """
        y_pred = ops.convert_to_tensor(y_pred)
        predicted = predicted_classes(y_pred, self.threshold)
        predicted = ops.one_hot(predicted, self.num_classes, dtype=self.dtype)
        true, valid = dense_labels(y_true, predicted, self.ignore_class)
        predicted = predicted * valid
        if self.classes is not None:
            true = ops.take(true, self.classes, axis=-1)
            predicted = ops.take(predicted, self.classes, axis=-1)
        edge, guess = _boundary(true, valid), _boundary(predicted, valid)
        precision = _share(guess, _grown(edge, self.tolerance))
        recall = _share(edge, _grown(guess, self.tolerance))
        both = precision + recall
        f1 = 2 * precision * recall / ops.where(both > 0, both, 1)
        there = ops.cast(
            ops.any(edge + guess > 0, axis=(1, 2)), self.dtype
        )  # (batch, classes)
        classes = ops.sum(there, axis=-1)
        scores = ops.sum(f1 * there, axis=-1) / ops.maximum(classes, 1)
        weight = ops.cast(classes > 0, self.dtype)
        if sample_weight is not None:
            sample_weight = ops.cast(sample_weight, self.dtype)
            weight = weight * ops.reshape(sample_weight, (-1,))
        self.total.assign_add(ops.sum(scores * weight))
        self.count.assign_add(ops.sum(weight))

    def result(self):
        count = ops.convert_to_tensor(self.count.value)
        return self.total / ops.where(count > 0, count, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "tolerance": self.tolerance,
            "classes": self.classes,
            "ignore_class": self.ignore_class,
            "threshold": self.threshold,
        }


def _boundary(regions, valid):
    """1 at pixels of a region next to a pixel outside of it, else 0."""
    outside = (1 - regions) * valid  # what is ignored is no outside
    return regions * _grown(outside, 1)


def _grown(regions, pixels):
    if not pixels:
        return regions
    # Padded with zeros and not with minus infinity, which is the same here.
    size = 2 * pixels + 1
    padded = ops.pad(regions, [[0, 0], [pixels] * 2, [pixels] * 2, [0, 0]])
    return ops.max_pool(
        padded, size, 1, padding="valid", data_format="channels_last"
    )


def _share(of, inside):
    count = ops.sum(of, axis=(1, 2))
    return ops.sum(of * inside, axis=(1, 2)) / ops.where(count > 0, count, 1)
