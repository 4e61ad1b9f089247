import keras
from keras import ops


class BinnedCalibration(keras.metrics.Metric):
    """Confidence and accuracy of a classifier in bins of equal width.

    Abstract. The confidence of an example is the probability of the predicted
    class. Bin `b` of `B` holds the examples with a confidence in
    `((b - 1) / B, b / B]`; of each bin the summed weight, confidence and
    correctness are kept, so batches add up exactly.

    Args:
        num_bins: int. Number of bins. Defaults to 15.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        name: str. Defaults to the metric's name in snake case.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Raises:
        ValueError: If `num_bins` is not positive.
    """

    def __init__(self, num_bins=15, from_logits=False, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        if num_bins < 1:
            raise ValueError(
                f"`num_bins` must be positive. Received: {num_bins=}"
            )
        self.num_bins = num_bins
        self.from_logits = from_logits
        self.totals = self.add_variable(
            shape=(3, num_bins), initializer="zeros", name="totals"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch.

        Args:
            y_true: class indices `(batch, ...)` or `(batch, ..., 1)`, or
                one-hot rows `(batch, ..., classes)`.
            y_pred: float tensor `(batch, ..., classes)`; one unit stands for
                class 1 of two.
            sample_weight: float tensor `(batch, ...)`, or None.
        """
        y_pred = ops.cast(y_pred, self.dtype)
        y_true = ops.convert_to_tensor(y_true)
        units = y_pred.shape[-1]
        one_hot = units > 1 and y_true.shape[-1:] == y_pred.shape[-1:]
        if one_hot and len(y_true.shape) == len(y_pred.shape):
            y_true = ops.argmax(y_true, axis=-1)
        labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
        scores = ops.reshape(y_pred, (-1, units))  # (examples, units)
        if units == 1:
            zero = ops.zeros_like(scores) if self.from_logits else 1 - scores
            scores = ops.concatenate([zero, scores], axis=-1)
        if self.from_logits:
            scores = ops.softmax(scores, axis=-1)

        confidence = ops.max(scores, axis=-1)
        predicted = ops.cast(ops.argmax(scores, axis=-1), "int32")
        right = ops.cast(ops.equal(predicted, labels), self.dtype)
        weight = ops.ones_like(confidence)
        if sample_weight is not None:
            weight = ops.cast(sample_weight, self.dtype)
            weight = ops.reshape(weight, (-1,))

        index = ops.ceil(confidence * self.num_bins) - 1
        index = ops.cast(ops.clip(index, 0, self.num_bins - 1), "int32")
        member = ops.one_hot(index, self.num_bins, dtype=self.dtype)
        rows = ops.stack([weight, weight * confidence, weight * right])
        self.totals.assign_add(ops.matmul(rows, member))

    def bins(self):
        """What is known of each bin.

        Returns:
            A float tensor `(3, num_bins)`: summed weight, mean confidence,
            accuracy. The last two are 0 in an empty bin.
        """
        weight, confidence, right = ops.unstack(self.totals.value, axis=0)
        scale = ops.where(weight > 0, weight, 1)
        return ops.stack([weight, confidence / scale, right / scale])

    def get_config(self):
        return {
            **super().get_config(),
            "num_bins": self.num_bins,
            "from_logits": self.from_logits,
        }
