import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PeakSignalToNoise(keras.metrics.Mean):
    """How far reconstructions are from pictures, in decibel (PSNR).

    `10 log10(max_value^2 / mean((x - y)^2))`, the mean over pictures; equal
    pictures count 100 dB.

    Args:
        max_value: float. Brightest value minus darkest. Defaults to 1.
        name: str. Defaults to `"peak_signal_to_noise"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: pictures `(batch, ...)`.
        y_pred: pictures of the same shape.

    Returns:
        A scalar; 0 before the first picture.

    Raises:
        ValueError: If `max_value` is not positive.

    Example:

    >>> import numpy as np
    >>> metric = PeakSignalToNoise()
    >>> metric.update_state(np.zeros((1, 4)), np.full((1, 4), 0.1))
    >>> round(float(metric.result()), 4)
    20.0

    Reference:
        [Huynh-Thu and Ghanbari, 2008](https://doi.org/10.1049/el:20080522)
    """

    def __init__(self, max_value=1.0, name="peak_signal_to_noise", dtype=None):
        super().__init__(name=name, dtype=dtype)
        if not max_value > 0:
            raise ValueError(
                f"`max_value` must be positive. Received: {max_value=}"
            )
        self.max_value = max_value

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = peak_signal_to_noise(y_true, y_pred, self.max_value)
        return super().update_state(values, sample_weight)

    def get_config(self):
        return {**super().get_config(), "max_value": self.max_value}


def peak_signal_to_noise(y_true, y_pred, max_value=1.0):
    """Decibel of each pair of pictures; see `PeakSignalToNoise`.

    Args:
        y_true: pictures `(batch, ...)`.
        y_pred: pictures of the same shape.
        max_value: float. Brightest value minus darkest.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> import numpy as np
    >>> x = np.zeros((2, 4), "float32")
    >>> tuple(peak_signal_to_noise(x, x + 0.1).shape)
    (2,)
    """
    error = ops.square(
        ops.cast(y_true, "float32") - ops.cast(y_pred, "float32")
    )
    error = ops.mean(error, axis=tuple(range(1, len(error.shape))))
    ratio = ops.maximum(error / max_value**2, 1e-10)
    return -10 / math.log(10) * ops.log(ratio)
