import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class StructuralSimilarity(keras.metrics.Mean):
    """How alike pictures are in brightness, contrast and structure (SSIM).

    `(2 m_x m_y + c_1)(2 s_xy + c_2) / ((m_x^2 + m_y^2 + c_1)(s_x^2 + s_y^2 +
    c_2))`, of Gaussian windows of 11 pixels and deviation 1.5 that lie inside
    of the picture, their mean over places and channels.

    Args:
        max_value: float. Brightest value minus darkest. Defaults to 1.
        window: int. Side of the window, in pixels. Defaults to 11.
        name: str. Defaults to `"structural_similarity"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: pictures `(batch, height, width, channels)`.
        y_pred: pictures of the same shape.

    Returns:
        A scalar up to 1; 0 before the first picture.

    Raises:
        ValueError: If `max_value` is not positive, or a picture smaller than
            the window.

    Example:

    >>> import numpy as np
    >>> metric = StructuralSimilarity()
    >>> x = np.random.default_rng(0).uniform(size=(1, 16, 16, 1))
    >>> metric.update_state(x, x)
    >>> round(float(metric.result()), 4)
    1.0

    Reference:
        [Wang et al., 2004](https://doi.org/10.1109/TIP.2003.819861)
    """

    def __init__(
        self,
        max_value=1.0,
        window=11,
        name="structural_similarity",
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if not max_value > 0 or window < 1:
            raise ValueError(
                "`max_value` and `window` must be positive. "
                f"Received: {max_value=}, {window=}"
            )
        self.max_value = max_value
        self.window = window

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = structural_similarity(
            y_true, y_pred, self.max_value, self.window
        )
        return super().update_state(values, sample_weight)

    def get_config(self):
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "window": self.window,
        }


def structural_similarity(y_true, y_pred, max_value=1.0, window=11):
    """Similarity of each pair of pictures; see `StructuralSimilarity`.

    Args:
        y_true: pictures `(batch, ...)`.
        y_pred: pictures of the same shape.
        max_value: float. Brightest value minus darkest.
        window: int. Side of the window, in pixels.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> import numpy as np
    >>> x = np.zeros((2, 12, 12, 1), "float32")
    >>> tuple(structural_similarity(x, x).shape)
    (2,)
    """
    x, y = (ops.cast(p, "float32") for p in (y_true, y_pred))
    # In a compiled function a size may be unknown.
    if min(side or window for side in x.shape[1:3]) < window:
        raise ValueError(
            f"Pictures must be at least {window} pixels high and wide. "
            f"Received: pictures of shape {tuple(x.shape[1:])}"
        )
    channels = x.shape[-1]
    line = np.exp(-((np.arange(window) - (window - 1) / 2) ** 2) / (2 * 1.5**2))
    kernel = np.outer(line, line) / line.sum() ** 2
    kernel = np.tile(kernel[:, :, None, None], (1, 1, channels, 1))
    kernel = ops.convert_to_tensor(kernel, "float32")

    def mean(pictures):
        return ops.depthwise_conv(
            pictures, kernel, padding="valid", data_format="channels_last"
        )

    m_x, m_y = mean(x), mean(y)
    # One of squares and one of products: the variances and the covariance.
    spread = mean(x**2 + y**2) - m_x**2 - m_y**2
    together = mean(x * y) - m_x * m_y
    c_1, c_2 = (0.01 * max_value) ** 2, (0.03 * max_value) ** 2
    values = (2 * m_x * m_y + c_1) * (2 * together + c_2)
    values = values / ((m_x**2 + m_y**2 + c_1) * (spread + c_2))
    return ops.mean(values, axis=(1, 2, 3))
