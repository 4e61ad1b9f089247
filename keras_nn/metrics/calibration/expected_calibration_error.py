import keras
from keras import ops

from keras_nn.metrics.calibration.binned_calibration import BinnedCalibration


@keras.saving.register_keras_serializable(package="keras_nn")
class ExpectedCalibrationError(BinnedCalibration):
    """How far, on average, a classifier's confidence is from its accuracy.

    `ECE = sum_b (n_b / n) * |accuracy_b - confidence_b|`

    over bins of equal width of the predicted class's probability, with `n_b`
    the summed weight of the examples of bin `b`. 0 means calibrated: of the
    answers given with 80 % confidence, 80 % are right.

    Args:
        num_bins: int. Number of bins. Defaults to 15.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        name: str. Defaults to `"expected_calibration_error"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: class indices `(batch, ...)` or one-hot rows
            `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`, or `(batch, 1)` with the
            probability of class 1 of two.

    Returns:
        A scalar in [0, 1].

    Example:

    >>> metric = ExpectedCalibrationError(num_bins=10)
    >>> metric.update_state([0, 1], [[0.8, 0.2], [0.8, 0.2]])
    >>> round(float(metric.result()), 4)
    0.3

    Reference:
        [Naeini et al., 2015](https://ojs.aaai.org/index.php/AAAI/article/view/9602),
        [Guo et al., 2017](https://arxiv.org/abs/1706.04599)
    """

    def __init__(
        self,
        num_bins=15,
        from_logits=False,
        name="expected_calibration_error",
        dtype=None,
    ):
        super().__init__(num_bins, from_logits, name, dtype)

    def result(self):
        weight, confidence, right = ops.unstack(self.totals.value, axis=0)
        total = ops.sum(weight)
        gap = ops.sum(ops.abs(right - confidence))
        return gap / ops.where(total > 0, total, 1)
