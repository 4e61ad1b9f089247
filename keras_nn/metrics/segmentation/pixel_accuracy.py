import keras
from keras import ops

from keras_nn.metrics.segmentation.place_confusion import PlaceConfusion


@keras.saving.register_keras_serializable(package="keras_nn")
class PixelAccuracy(PlaceConfusion):
    """Share of the places whose class is right.

    `A = sum_c tp_c / sum_c (tp_c + fn_c)`

    over the classes that are chosen: with one class, its recall.

    Args:
        num_classes: int. At least 2.
        classes: list of int or None. The classes that the result is the mean
            of, such as `[1]` for the foreground. Defaults to None: those that
            are there or predicted.
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.
        threshold: float. From where on one channel means class 1: 0.5 for
            probabilities, 0 for logits. Defaults to 0.5.
        name: str. Defaults to `"pixel_accuracy"`.
        dtype: str. Type of the counts. Defaults to `"float32"`.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: float tensor `(batch, ..., classes)`, of probabilities or
            logits; one channel stands for class 1 of two.

    Returns:
        A scalar in [0, 1]; 0 before the first place.

    Example:

    >>> import numpy as np
    >>> metric = PixelAccuracy(num_classes=2)
    >>> metric.update_state(np.array([[0, 0, 1, 1]]), np.eye(2)[[[0, 1, 1, 1]]])
    >>> round(float(metric.result()), 4)
    0.75

    Reference:
        [Long et al., 2015](https://arxiv.org/abs/1411.4038), section 5.
    """

    def __init__(
        self,
        num_classes,
        classes=None,
        ignore_class=None,
        threshold=0.5,
        name="pixel_accuracy",
        dtype=None,
    ):
        super().__init__(
            num_classes, classes, ignore_class, threshold, name, dtype
        )

    def result(self):
        tp, _, fn = self.counts()
        right, there = tp, tp + fn
        if self.classes is not None:
            right = ops.take(right, self.classes)
            there = ops.take(there, self.classes)
        return ops.sum(right) / ops.maximum(ops.sum(there), 1e-7)
