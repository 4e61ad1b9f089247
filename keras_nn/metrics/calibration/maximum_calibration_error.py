import keras
from keras import ops

from keras_nn.metrics.calibration.binned_calibration import BinnedCalibration


@keras.saving.register_keras_serializable(package="keras_nn")
class MaximumCalibrationError(BinnedCalibration):
    """The widest gap between a classifier's confidence and its accuracy.

    `MCE = max_b |accuracy_b - confidence_b|`

    over the bins of equal width of the predicted class's probability that
    hold an example. It matters where one badly judged range is too many;
    a bin of few examples makes it noisy.

    Args:
        num_bins: int. Number of bins. Defaults to 15.
        from_logits: bool. Whether predictions are logits. Defaults to False.
        name: str. Defaults to `"maximum_calibration_error"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: class indices `(batch, ...)` or one-hot rows
            `(batch, ..., classes)`.
        y_pred: float tensor `(batch, ..., classes)`, or `(batch, 1)` with the
            probability of class 1 of two.

    Returns:
        A scalar in [0, 1].

    Example:

    >>> metric = MaximumCalibrationError(num_bins=10)
    >>> metric.update_state([0, 0], [[0.85, 0.15], [0.45, 0.55]])
    >>> round(float(metric.result()), 4)
    0.55

    Reference:
        [Naeini et al., 2015](https://ojs.aaai.org/index.php/AAAI/article/view/9602)
    """

    def __init__(
        self,
        num_bins=15,
        from_logits=False,
        name="maximum_calibration_error",
        dtype=None,
    ):
        super().__init__(num_bins, from_logits, name, dtype)

    def result(self):
        _, confidence, accuracy = ops.unstack(self.bins(), axis=0)
        return ops.max(ops.abs(accuracy - confidence))
