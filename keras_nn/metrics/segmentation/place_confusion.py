import keras
from keras import ops


class PlaceConfusion(keras.metrics.Metric):
    """How often each class is predicted where each class is.

    Abstract. Keeps the confusion matrix of places (pixels) of all batches, so
    that parts, replicas and whole add up exactly; a subclass reads its number
    off it in `result()`.

    Args:
        num_classes: int. At least 2.
        classes: list of int or None. The classes that the result is the mean
            of, such as `[1]` for the foreground. Defaults to None: those that
            are there or predicted.
        ignore_class: int or None. Index of places that do not count, such as
            255. Defaults to None.
        threshold: float. From where on one channel means class 1: 0.5 for
            probabilities, 0 for logits. Several channels mean the class of
            the highest, of probabilities and of logits alike. Defaults to
            0.5.
        name: str.
        dtype: str. Type of the counts. Defaults to `"float32"`.

    Raises:
        ValueError: if there are fewer than two classes, or `classes` names
            one that is not below `num_classes`.
    """

    def __init__(
        self,
        num_classes,
        classes=None,
        ignore_class=None,
        threshold=0.5,
        name=None,
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if num_classes < 2:
            raise ValueError(
                f"`num_classes` must be at least 2. Received: {num_classes=}"
            )
        if classes is not None and not set(classes) <= set(range(num_classes)):
            raise ValueError(
                f"`classes` must be below {num_classes=}. Received: {classes}"
            )
        self.num_classes = num_classes
        self.classes = None if classes is None else list(classes)
        self.ignore_class = ignore_class
        self.threshold = threshold
        self.confusion = self.add_variable(
            shape=(num_classes, num_classes),
            initializer="zeros",
            name="confusion",
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch.

        Args:
            y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
            y_pred: float tensor `(batch, ..., classes)`, or `(batch, ..., 1)`
                for class 1 of two.
            sample_weight: float tensor `(batch,)`, or one weight a place, or
                None.
        """
        rows, columns = self.places(y_true, y_pred, sample_weight)
        rows = ops.reshape(rows, (-1, self.num_classes))
        columns = ops.reshape(columns, (-1, self.num_classes))
        self.confusion.assign_add(ops.matmul(ops.transpose(rows), columns))

    def places(self, y_true, y_pred, sample_weight=None):
        """Which class each place is of, by its weight, and is said to be of.

        Returns:
            `(rows, columns)`: two float tensors `(batch, places, classes)`,
            with one entry that is not 0 in each line at most.
        """
        y_pred = ops.convert_to_tensor(y_pred)
        y_true = ops.convert_to_tensor(y_true)
        predicted = predicted_classes(y_pred, self.threshold)
        true = ops.reshape(ops.cast(y_true, "int32"), ops.shape(predicted))
        weight = ops.ones_like(true, dtype=self.dtype)
        if sample_weight is not None:
            weight = weight * _spread(sample_weight, weight)
        if self.ignore_class is not None:
            counts = ops.not_equal(true, self.ignore_class)
            weight = weight * ops.cast(counts, self.dtype)
        # A label that is no class has a row of zeros and does not count.
        rows = self._one_hot(true) * ops.expand_dims(weight, -1)
        shape = (ops.shape(y_pred)[0], -1, self.num_classes)
        return (
            ops.reshape(rows, shape),
            ops.reshape(self._one_hot(predicted), shape),
        )

    def counts(self):
        """`(tp, fp, fn)` of each class: three tensors `(num_classes,)`."""
        matrix = ops.multiply(self.confusion.value, 1)  # a plain tensor
        tp = ops.diagonal(matrix)
        return tp, ops.sum(matrix, axis=0) - tp, ops.sum(matrix, axis=1) - tp

    def _one_hot(self, classes):
        return ops.one_hot(classes, self.num_classes, dtype=self.dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "classes": self.classes,
            "ignore_class": self.ignore_class,
            "threshold": self.threshold,
        }


def predicted_classes(y_pred, threshold):
    """The predicted class of each place: int32 `(batch, ...)`."""
    if y_pred.shape[-1] == 1:
        above = ops.squeeze(y_pred, -1) > ops.cast(threshold, y_pred.dtype)
        return ops.cast(above, "int32")
    return ops.cast(ops.argmax(y_pred, axis=-1), "int32")


def _spread(sample_weight, like):
    weight = ops.cast(sample_weight, like.dtype)
    if len(weight.shape) > len(like.shape):
        weight = ops.squeeze(weight, -1)
    missing = len(like.shape) - len(weight.shape)
    return ops.reshape(weight, (*ops.shape(weight), *[1] * missing))
