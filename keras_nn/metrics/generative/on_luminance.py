import keras

from keras_nn.ops.luminance import luminance


@keras.saving.register_keras_serializable(package="keras_nn")
class OnLuminance(keras.metrics.Metric):
    """A metric of pictures, of their brightness alone and without margins.

    As the literature of super-resolution measures: PSNR and SSIM of the
    channel Y (`keras_nn.ops.luminance`), with as many pixels cut off each side
    as the scale.

    Args:
        metric: `keras.metrics.Metric` of pictures, such as
            `PeakSignalToNoise(255)`. It is copied.
        border: int. Pixels cut off each side. Defaults to 0.
        name: str. Defaults to the metric's.
        dtype: as of `keras.metrics.Metric`.

    Call arguments:
        y_true: pictures `(batch, height, width, 1 or 3)`, 0 to 255.
        y_pred: pictures of the same shape; clipped to 0 to 255.

    Returns:
        What the metric says.

    Raises:
        ValueError: If `border` is negative.

    Example:

    >>> import numpy as np
    >>> from keras_nn.metrics import PeakSignalToNoise
    >>> metric = OnLuminance(PeakSignalToNoise(255.0), border=2)
    >>> x = np.full((1, 8, 8, 3), 100.0)
    >>> metric.update_state(x, x + 1)
    >>> round(float(metric.result()), 2)
    49.45
    """

    def __init__(self, metric, border=0, name=None, dtype=None):
        super().__init__(name=name or metric.name, dtype=dtype)
        if border < 0:
            raise ValueError(
                f"`border` must not be negative. Received: {border=}"
            )
        # A copy: sums of its own, whoever else holds the metric.
        self.metric = type(metric).from_config(metric.get_config())
        self.border = border

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = (
            compared(pictures, self.border) for pictures in (y_true, y_pred)
        )
        return self.metric.update_state(y_true, y_pred, sample_weight)

    def result(self):
        return self.metric.result()

    def reset_state(self):
        self.metric.reset_state()

    def get_config(self):
        return {
            **super().get_config(),
            "metric": keras.saving.serialize_keras_object(self.metric),
            "border": self.border,
        }

    @classmethod
    def from_config(cls, config):
        metric = keras.saving.deserialize_keras_object(config["metric"])
        return cls(**{**config, "metric": metric})


def compared(pictures, border):
    """The part of pictures that is compared: float32 `(batch, h, w, 1)`.

    Args:
        pictures: `(batch, height, width, 1 or 3)`, clipped to 0 to 255.
        border: int. Pixels cut off each side.
    """
    pictures = keras.ops.cast(pictures, "float32")
    bright = luminance(keras.ops.clip(pictures, 0.0, 255.0))
    if not border:
        return bright
    return bright[:, border:-border, border:-border]
