from keras import ops

from keras_nn.metrics.segmentation.place_confusion import PlaceConfusion

REDUCTIONS = ("macro", "micro", "macro_imagewise", "micro_imagewise")


class RegionScore(PlaceConfusion):
    """A score of regions, as a mean over classes, pictures, both or neither.

    Abstract. A subclass says in `fraction(tp, fp, fn)` what is above and what
    is below the line.

    Args:
        num_classes, classes, ignore_class, threshold, name, dtype: as of
            `PlaceConfusion`.
        reduction: str. `"macro"`: the mean over classes of what all pictures
            have together; `"micro"`: one fraction of all pictures and
            classes; with `"_imagewise"`, the same of each picture by itself,
            then the mean over pictures, or over pictures and classes.
        zero_division: float or None. The value of a class that is neither
            there nor predicted; None leaves it out of the mean.

    Raises:
        ValueError: if `reduction` is none of the above.
    """

    def __init__(
        self,
        num_classes,
        classes=None,
        ignore_class=None,
        threshold=0.5,
        name=None,
        dtype=None,
        reduction="macro",
        zero_division=None,
    ):
        super().__init__(
            num_classes, classes, ignore_class, threshold, name, dtype
        )
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"`reduction` must be one of {REDUCTIONS}. "
                f"Received: {reduction=}"
            )
        self.reduction = reduction
        self.zero_division = zero_division
        if self._imagewise():
            self.total = self.add_variable((), "zeros", name="total")
            self.count = self.add_variable((), "zeros", name="count")

    def fraction(self, tp, fp, fn):
        """What is above and below the line of a score.

        Args:
            tp: float tensor. Places of a class that are right.
            fp: likewise. Predicted and not there.
            fn: likewise. There and not predicted.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must override `fraction`."
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, y_pred, sample_weight)
        if not self._imagewise():
            return
        rows, columns = self.places(y_true, y_pred, sample_weight)
        tp = ops.sum(rows * columns, axis=1)
        fn = ops.sum(rows, axis=1) - tp
        weight = ops.sum(rows, axis=-1, keepdims=True)
        fp = ops.sum(columns * weight, axis=1) - tp
        values, weights = self._scores(tp, fp, fn)  # (batch, classes) or 1
        # A picture counts by the mean weight of its places that do.
        counting = ops.sum(ops.cast(rows > 0, self.dtype), axis=(1, 2))
        seen = ops.sum(rows, axis=(1, 2)) / ops.maximum(counting, 1)
        weights = weights * ops.expand_dims(seen, 1)
        self.total.assign_add(ops.sum(values * weights))
        self.count.assign_add(ops.sum(weights))

    def result(self):
        if self._imagewise():
            count = ops.convert_to_tensor(self.count.value)
            return self.total / ops.where(count > 0, count, 1)
        values, weights = self._scores(*self.counts())
        seen = ops.cast(ops.sum(self.confusion) > 0, self.dtype)
        mean = ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1)
        return seen * mean  # 0 before the first place

    def per_class(self):
        """The score of each class over all pictures: `(num_classes,)`.

        It is `zero_division`, or 0, for a class that never was.
        """
        above, below = self.fraction(*self.counts())
        return self._divided(above, below)

    def get_config(self):
        return {
            **super().get_config(),
            "reduction": self.reduction,
            "zero_division": self.zero_division,
        }

    def _imagewise(self):
        return self.reduction.endswith("_imagewise")

    def _scores(self, tp, fp, fn):
        """Scores along the last axis, and whether each of them counts."""
        chosen = range(self.num_classes)
        chosen = ops.cast(
            [1.0 * (self.classes is None or c in self.classes) for c in chosen],
            self.dtype,
        )
        if self.reduction.startswith("micro"):
            tp, fp, fn = (
                ops.sum(part * chosen, axis=-1, keepdims=True)
                for part in (tp, fp, fn)
            )
            chosen = ops.ones_like(tp)
        above, below = self.fraction(tp, fp, fn)
        weights = chosen * ops.ones_like(below)
        if self.zero_division is None:
            weights = weights * ops.cast(below > 0, self.dtype)
        return self._divided(above, below), weights

    def _divided(self, above, below):
        there = below > 0
        values = above / ops.where(there, below, ops.ones_like(below))
        absent = self.zero_division or 0.0
        return ops.where(there, values, ops.full_like(values, absent))
