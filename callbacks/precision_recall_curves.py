import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument


class PrecisionRecallCurves(ClassifierInstrument):
    """Shows what each class's precision costs in recall.

    At a threshold `t` an example is called positive for a class if its
    probability is at least `t`; then

    `precision = TP / (TP + FP)`, `recall = TP / (TP + FN)`, and
    `average precision = sum_n (recall_n - recall_(n-1)) * precision_n`

    over all distinct thresholds, from high to low.

    Read it for: a curve that hugs the upper right corner separates its class
    well; one that falls early holds confident false alarms. The average
    precision of guessing is the share of the class among the examples. `micro`
    pools the decisions of all classes, so frequent classes count more;
    `macro` is the plain mean over the classes that have examples.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, also of many labels, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        num_thresholds: int. Points of a curve, evenly spaced in [0, 1].
            Defaults to 101.
        max_classes: int. With more classes than this, the most frequent
            ones of the sample get curves of their own. Defaults to 20.

    Writes to `log_dir/validation`, at the epoch's index:
        `pr_curves/<class>`, `pr_curves/micro`: curves, in TensorBoard's
            PR Curves tab.
        `average_precision/<class>`, `average_precision/micro`,
        `average_precision/macro`: scalars in [0, 1].

    Example:

    >>> scores = np.array([0.9, 0.8, 0.3])
    >>> average_precision(np.array([True, False, True]), scores).round(4)
    np.float64(0.8333)
    """

    def __init__(
        self, log_dir, sample, every=1, num_thresholds=101, max_classes=20
    ):
        super().__init__(log_dir, sample, every)
        if num_thresholds < 2:
            raise ValueError(
                f"`num_thresholds` must be at least 2. Received: "
                f"{num_thresholds=}"
            )
        self.num_thresholds = num_thresholds
        self.max_classes = max_classes

    def report(self, epoch, probabilities):
        num_classes = probabilities.shape[1]
        names = self.sample.names(num_classes)
        truth = self.sample.label_matrix(num_classes)
        examples = truth.sum(axis=0)
        often = np.argsort(-examples, kind="stable")[: self.max_classes]

        averages = {}
        for i in np.flatnonzero(examples):
            averages[i] = average_precision(truth[:, i], probabilities[:, i])
        for i in sorted(set(often) & set(averages)):
            self._write(names[i], truth[:, i], probabilities[:, i])
            tf.summary.scalar(f"average_precision/{names[i]}", averages[i])
        truth, scores = truth.ravel(), probabilities.ravel()
        self._write("micro", truth, scores)
        micro = average_precision(truth, scores)
        tf.summary.scalar("average_precision/micro", micro)
        macro = np.mean(list(averages.values()))
        tf.summary.scalar("average_precision/macro", macro)

    def _write(self, name, truth, scores):
        # `pr_curve.summary.op` needs TF1's graph mode: the plugin's tensor
        # is written directly.
        from tensorboard.plugins.pr_curve import metadata

        tf.summary.write(
            f"pr_curves/{name}",
            precision_recall(truth, scores, self.num_thresholds),
            metadata=metadata.create_summary_metadata(
                name, "", self.num_thresholds
            ),
        )


def precision_recall(truth, scores, num_thresholds):
    """The plugin's table of a curve.

    Args:
        truth: bool array `(examples,)`.
        scores: float array `(examples,)` in [0, 1].
        num_thresholds: int. The thresholds are evenly spaced from 0 to 1.

    Returns:
        float32 array `(6, num_thresholds)`: true positives, false positives,
        true negatives, false negatives, precision, recall.
    """
    thresholds = np.linspace(0, 1, num_thresholds)
    positives = np.sort(scores[truth])
    negatives = np.sort(scores[~truth])
    fn = np.searchsorted(positives, thresholds, side="left")
    tn = np.searchsorted(negatives, thresholds, side="left")
    tp, fp = len(positives) - fn, len(negatives) - tn
    precision = tp / np.maximum(tp + fp, 1e-7)
    recall = tp / np.maximum(tp + fn, 1e-7)
    return np.stack([tp, fp, tn, fn, precision, recall]).astype("float32")


def average_precision(truth, scores):
    """Area below the steps of the precision-recall curve.

    Args:
        truth: bool array `(examples,)`, with at least one True.
        scores: float array `(examples,)`.

    Returns:
        float in [0, 1].
    """
    order = np.argsort(-scores, kind="stable")
    truth, scores = truth[order], scores[order]
    # Equal scores are one threshold.
    last = np.append(scores[1:] != scores[:-1], True)
    tp = np.cumsum(truth)[last]
    precision = tp / (np.flatnonzero(last) + 1)
    recall = tp / tp[-1]
    return np.sum(np.diff(recall, prepend=0) * precision)
