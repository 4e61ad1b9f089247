import keras
from keras import ops

_HIGHEST = 16.0  # logits beyond it are one threshold


@keras.saving.register_keras_serializable(package="keras_nn")
class LabelAveragePrecision(keras.metrics.Metric):
    """Mean over labels of the average precision: the mAP of many labels.

    `AP = sum_n (recall_n - recall_(n-1)) * precision_n`

    over thresholds from high to low, for each label by itself; the mean
    leaves out labels that no example has. Scores that share one of `num_bins`
    steps of the logit between -16 and 16 are one threshold: batches and
    replicas add up exactly, and a step of 0.01 keeps rare labels apart, whose
    probabilities are all near 0. `keras.metrics.AUC(curve="PR")` interpolates
    between thresholds, which average precision does not.

    Args:
        num_labels: int.
        num_bins: int. Steps of the logit. Defaults to 3200.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        name: str. Defaults to `"mean_average_precision"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Raises:
        ValueError: If `num_labels` or `num_bins` is not positive.

    Example:

    >>> metric = LabelAveragePrecision(1)
    >>> metric.update_state([[1.0], [0.0], [1.0]], [[0.9], [0.8], [0.3]])
    >>> round(float(metric.result()), 4)  # (1 + 2 / 3) / 2
    0.8333

    Reference:
        Everingham et al., *The PASCAL Visual Object Classes Challenge*, IJCV
        2010; without its interpolation, as scikit-learn's
        `average_precision_score`.
    """

    def __init__(
        self,
        num_labels,
        num_bins=3200,
        from_logits=False,
        name="mean_average_precision",
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if min(num_labels, num_bins) < 1:
            raise ValueError(
                "`num_labels` and `num_bins` must be positive. "
                f"Received: {num_labels=}, {num_bins=}"
            )
        self.num_labels = num_labels
        self.num_bins = num_bins
        self.from_logits = from_logits
        # Weight of what is there, and of all, highest scores first.
        self.counts = self.add_variable(
            shape=(2, num_labels, num_bins), initializer="zeros", name="counts"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch.

        Args:
            y_true: float tensor `(batch, num_labels)`; present from 0.5 on.
            y_pred: float tensor `(batch, num_labels)`.
            sample_weight: float tensor `(batch,)` or `(batch, 1)`, or None.
        """
        shape = (-1, self.num_labels)
        present = ops.reshape(ops.cast(y_true, self.dtype), shape) >= 0.5
        logits = ops.reshape(ops.cast(y_pred, self.dtype), shape)
        if not self.from_logits:
            odds = ops.clip(logits, 1e-7, 1 - 1e-7)
            logits = ops.log(odds) - ops.log(1 - odds)
        place = (1 - logits / _HIGHEST) / 2 * self.num_bins
        place = ops.clip(ops.floor(place), 0, self.num_bins - 1)
        place = ops.cast(place, "int32")  # (batch, labels)
        place += ops.arange(self.num_labels, dtype="int32") * self.num_bins
        weight = ops.ones_like(logits)
        if sample_weight is not None:
            weight *= ops.reshape(ops.cast(sample_weight, self.dtype), (-1, 1))
        there = weight * ops.cast(present, self.dtype)
        size = self.num_labels * self.num_bins
        sums = [
            ops.segment_sum(
                ops.reshape(part, (-1,)),
                ops.reshape(place, (-1,)),
                num_segments=size,
            )
            for part in (there, weight)
        ]
        self.counts.assign_add(ops.reshape(ops.stack(sums), self.counts.shape))

    def by_label(self):
        """The average precision of each label: a tensor `(num_labels,)`.

        It is 0 for a label that no example has.
        """
        there, weight = ops.unstack(ops.cumsum(self.counts.value, axis=-1), 2)
        new = self.counts.value[0]
        precision = there / ops.where(weight > 0, weight, 1)
        total = there[:, -1]
        total = ops.where(total > 0, total, 1)
        return ops.sum(new * precision, axis=-1) / total

    def result(self):
        """The mean over the labels that an example has; 0 if there is none."""
        known = ops.cast(ops.sum(self.counts.value[0], axis=-1) > 0, self.dtype)
        count = ops.sum(known)
        total = ops.sum(known * self.by_label())
        return total / ops.where(count > 0, count, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "num_labels": self.num_labels,
            "num_bins": self.num_bins,
            "from_logits": self.from_logits,
        }
