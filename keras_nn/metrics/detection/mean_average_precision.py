import math

import keras
from keras import ops

from keras_nn.ops.box_targets import split_targets
from keras_nn.ops.match_detections import match_detections

THRESHOLDS = tuple(0.5 + 0.05 * step for step in range(10))
AREAS = {
    "all": (0.0, 1e10),
    "small": (0.0, 32.0**2),
    "medium": (32.0**2, 96.0**2),
    "large": (96.0**2, 1e10),
}


@keras.saving.register_keras_serializable(package="keras_nn")
class MeanAveragePrecision(keras.metrics.Metric):
    """Average precision of boxes, over classes and overlaps, as COCO defines.

    `AP = 1/101 sum_r max over r' >= r of precision(r')`, `r = 0, 0.01 .. 1`

    of every class that has a true box and every overlap that is asked for,
    and the mean. Detections are counted by their score in `bins` of equal
    width, right ones and wrong ones, which add up over batches and replicas;
    it is the number of pycocotools as long as no two detections that differ
    in being right share a bin, and within about `1 / bins` of the scores of
    it otherwise. `keras_nn.metrics.coco_evaluation` runs pycocotools itself.

    Args:
        num_classes: int. Number of classes.
        iou_thresholds: list of float. Defaults to None: 0.5, 0.55 .. 0.95.
        class_names: list of str or None. If given, the result also has
            `ap50_<name>` of each class. Defaults to None.
        by_area: bool. Whether the result also has the values of small
            (below 32^2), medium and large (from 96^2 squared pixels) boxes.
            Defaults to False.
        bins: int. Steps of the score. Defaults to 1000.
        name: str. Defaults to `"map"`.
        dtype: str. Type of the counts. Defaults to `"float32"`.

    Call arguments:
        y_true: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`; rows of class -1 fill up.
        y_pred: float tensor `(batch, d, 6)` of `(x_min, y_min, x_max, y_max,
            score, class)`, best first; rows of class -1 fill up. COCO looks
            at no more than 100 a picture and class.
        sample_weight: float tensor `(batch,)`, how often a picture counts.

    Returns:
        A dict of scalars in [0, 1]: `map` (the name), `ap50` and `ap75` as
        far as these are among `iou_thresholds`, and what `by_area` and
        `class_names` ask for. 0 where there is no true box.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    >>> metric = MeanAveragePrecision(num_classes=2)
    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 1.0]]])
    >>> y_pred = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 3.5, 0.9, 1.0]]])
    >>> metric.update_state(y_true, y_pred)
    >>> result = metric.result()
    >>> {name: round(float(value), 4) for name, value in result.items()}
    {'map': 0.8, 'ap50': 1.0, 'ap75': 1.0}

    Reference:
        [Lin et al., 2014](https://arxiv.org/abs/1405.0312)
    """

    def __init__(
        self,
        num_classes,
        iou_thresholds=None,
        class_names=None,
        by_area=False,
        bins=1000,
        name="map",
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if min(num_classes, bins) < 1:
            raise ValueError(
                "`num_classes` and `bins` must be positive. "
                f"Received: {num_classes=}, {bins=}"
            )
        thresholds = list(iou_thresholds or THRESHOLDS)
        if min(thresholds) <= 0 or max(thresholds) > 1:
            raise ValueError(
                f"`iou_thresholds` must lie in (0, 1]. Received: {thresholds}"
            )
        if class_names is not None and len(class_names) != num_classes:
            raise ValueError(
                "`class_names` must name every class. Received: "
                f"{num_classes=} and {len(class_names)} names"
            )
        self.num_classes = num_classes
        self.iou_thresholds = iou_thresholds and thresholds
        self.class_names = class_names and [str(n) for n in class_names]
        self.by_area = by_area
        self.bins = bins
        self._thresholds = thresholds
        self._areas = AREAS if by_area else {"all": AREAS["all"]}
        counted = (num_classes, bins, len(thresholds), len(self._areas))
        self.right = self.add_variable(counted, "zeros", name="right")
        self.wrong = self.add_variable(counted, "zeros", name="wrong")
        self.true = self.add_variable(
            (num_classes, len(self._areas)), "zeros", name="true"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch.

        Args:
            y_true: float tensor `(batch, m, 5)`.
            y_pred: float tensor `(batch, d, 6)`.
            sample_weight: float tensor `(batch,)`, or None.
        """
        y_pred = ops.cast(y_pred, "float32")
        y_true = ops.cast(y_true, "float32")
        boxes, classes, there = split_targets(y_true)
        right, wrong, counts = match_detections(
            boxes,
            classes,
            there,
            y_pred,
            self._thresholds,
            tuple(self._areas.values()),
        )
        batch = ops.shape(y_pred)[0]
        weight = ops.ones((batch,), self.dtype)
        if sample_weight is not None:
            weight = ops.cast(ops.reshape(sample_weight, (-1,)), self.dtype)
        cell = ops.cast(y_pred[..., 4] * self.bins, "int32")
        cell = ops.clip(cell, 0, self.bins - 1)
        labels = ops.cast(y_pred[..., 5], "int32")
        # What fills up is neither right nor wrong, wherever it is added.
        cell = ops.maximum(labels, 0) * self.bins + cell
        for state, values in ((self.right, right), (self.wrong, wrong)):
            self._add(state, cell, values, weight)
        self._add(self.true, classes, counts, weight)

    def result(self):
        precision, exists = self._precision()
        found = {self.name: _mean(ops.mean(precision[:, :, 0], 1), exists, 0)}
        for value, name in ((0.5, "ap50"), (0.75, "ap75")):
            index = self._index(value)
            if index is not None:
                found[name] = _mean(precision[:, index, 0], exists, 0)
        for area, name in enumerate(self._areas):
            if name != "all":
                found[f"{self.name}_{name}"] = _mean(
                    ops.mean(precision[:, :, area], 1), exists, area
                )
        index = self._index(0.5)
        if self.class_names is not None and index is not None:
            for number, name in enumerate(self.class_names):
                found[f"ap50_{name}"] = precision[number, index, 0]
        return found

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "iou_thresholds": self.iou_thresholds,
            "class_names": self.class_names,
            "by_area": self.by_area,
            "bins": self.bins,
        }

    def _index(self, value):
        """The number of a threshold, or None."""
        for index, threshold in enumerate(self._thresholds):
            if abs(threshold - value) < 1e-6:
                return index
        return None

    def _add(self, state, cell, values, weight):
        """Adds to cells `(batch, k)` their values `(batch, k, ...)`."""
        size = math.prod(values.shape[2:])
        spread = (-1, *[1] * (len(values.shape) - 1))
        values = ops.cast(values, self.dtype) * ops.reshape(weight, spread)
        total = ops.segment_sum(
            ops.reshape(values, (-1, size)),
            ops.reshape(cell, (-1,)),
            num_segments=math.prod(state.shape) // size,
        )
        state.assign_add(ops.reshape(total, state.shape))

    def _precision(self):
        """Average precision `(classes, thresholds, areas)`; and who exists."""
        right = ops.cumsum(ops.flip(self.right.value, axis=1), axis=1)
        wrong = ops.cumsum(ops.flip(self.wrong.value, axis=1), axis=1)
        true = ops.reshape(
            self.true.value, (self.num_classes, 1, 1, len(self._areas))
        )
        recall = right / ops.maximum(true, 1e-7)
        precision = right / ops.maximum(right + wrong, 1e-7)
        best = _highest_from_here(precision)
        # How many of the recalls 0, 0.01 .. 1 each bin is the first to reach.
        reached = ops.floor(100 * recall + 1e-4) + 1
        before = ops.pad(reached[:, :-1], [[0, 0], [1, 0], [0, 0], [0, 0]])
        total = ops.sum(best * (reached - before), axis=1)
        return total / 101, self.true.value > 0


def _highest_from_here(values):
    """The highest value from each place on, along the second axis."""
    step = 1
    while step < values.shape[1]:
        later = ops.pad(values[:, step:], [[0, 0], [0, step], [0, 0], [0, 0]])
        values = ops.maximum(values, later)
        step *= 2
    return values


def _mean(values, exists, area):
    """The mean over the classes that have a true box."""
    weights = ops.cast(exists[:, area], values.dtype)
    return ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1)
