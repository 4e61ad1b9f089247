import keras
from keras import ops

from keras_nn.metrics.generative.on_luminance import compared
from keras_nn.metrics.generative.peak_signal_to_noise import (
    peak_signal_to_noise,
)
from keras_nn.ops.bicubic import bicubic_downscale
from keras_nn.ops.bicubic import bicubic_upscale


@keras.saving.register_keras_serializable(package="keras_nn")
class BicubicGain(keras.metrics.Mean):
    """By how many decibels enlarged pictures beat bicubic interpolation.

    `PSNR(y_pred, y) - PSNR(up(down(y)), y)`, of the brightness and without
    margins, as `OnLuminance` measures; the mean over pictures.

    `down` is bicubic with rounding to whole numbers, by which the small
    pictures must have been made.

    Args:
        scale: int. Large over small.
        border: int or None. Pixels cut off each side. Defaults to None: the
            scale.
        name: str. Defaults to `"bicubic_gain"`.
        dtype: as of `keras.metrics.Metric`.

    Call arguments:
        y_true: pictures `(batch, height, width, 1 or 3)`, 0 to 255, height
            and width multiples of the scale.
        y_pred: pictures of the same shape.

    Returns:
        A scalar, in decibel; 0 before the first picture.

    Raises:
        ValueError: If `scale` is less than 2.

    Example:

    >>> import numpy as np
    >>> metric = BicubicGain(2)
    >>> x = np.random.default_rng(0).uniform(0, 255, (1, 16, 16, 3))
    >>> x = x.astype("float32")
    >>> small = ops.round(bicubic_downscale(x, 2))
    >>> metric.update_state(x, bicubic_upscale(small, 2))
    >>> abs(round(float(metric.result()), 2))
    0.0
    """

    def __init__(self, scale, border=None, name="bicubic_gain", dtype=None):
        super().__init__(name=name, dtype=dtype)
        if scale < 2:
            raise ValueError(f"`scale` must be at least 2. Received: {scale=}")
        self.scale = scale
        self.border = border

    def update_state(self, y_true, y_pred, sample_weight=None):
        border = self.scale if self.border is None else self.border
        y_true = ops.cast(y_true, "float32")
        small = bicubic_downscale(y_true, self.scale)
        small = ops.clip(ops.round(small), 0.0, 255.0)
        interpolated = bicubic_upscale(small, self.scale)
        truth, ours, theirs = (
            compared(pictures, border)
            for pictures in (y_true, y_pred, interpolated)
        )
        gain = peak_signal_to_noise(truth, ours, 255.0)
        gain = gain - peak_signal_to_noise(truth, theirs, 255.0)
        return super().update_state(gain, sample_weight)

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "border": self.border,
        }
