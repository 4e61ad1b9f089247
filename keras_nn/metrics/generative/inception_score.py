import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class InceptionScore(keras.metrics.Metric):
    """Whether generated pictures are of one class each, and of all classes.

    `exp(mean KL(p(y | x) || p(y)))`, `p(y)` the mean of `p(y | x)`: from 1 to
    the number of classes.

    Args:
        classes: int. Number of classes.
        extractor: str. The classifier that says `p(y | x)`, part of the
            metric's name. Defaults to `"classifier"`.
        name: str or None. Defaults to `inception_score_<extractor>`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: unused.
        y_pred: probabilities `(batch, classes)` of generated pictures.

    Returns:
        A scalar; 1 before the first picture.

    Raises:
        ValueError: If there is no class.

    Example:

    >>> import numpy as np
    >>> metric = InceptionScore(3, extractor="oracle")
    >>> metric.update_state(None, np.eye(3))
    >>> round(float(metric.result()), 4)
    3.0

    Reference:
        [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 4
    """

    def __init__(self, classes, extractor="classifier", name=None, dtype=None):
        super().__init__(
            name=name or f"inception_score_{extractor}", dtype=dtype
        )
        if classes < 1:
            raise ValueError(
                f"`classes` must be positive. Received: {classes=}"
            )
        self.classes = classes
        self.extractor = extractor
        self.count = self.add_variable((), initializer="zeros", name="count")
        self.entropy = self.add_variable(
            (), initializer="zeros", name="entropy"
        )
        self.total = self.add_variable(
            (classes,), initializer="zeros", name="total"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        p = ops.cast(y_pred, self.dtype)
        weights = ops.ones_like(p[:, 0])
        if sample_weight is not None:
            weights = weights * ops.reshape(
                ops.cast(sample_weight, self.dtype), (-1,)
            )
        self.count.assign_add(ops.sum(weights))
        self.entropy.assign_add(ops.sum(weights * _entropy(p)))
        self.total.assign_add(ops.sum(weights[:, None] * p, axis=0))

    def result(self):
        count = ops.maximum(self.count, 1e-7)
        return ops.exp(_entropy(self.total / count) - self.entropy / count)

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "extractor": self.extractor,
        }


def _entropy(p):
    return -ops.sum(p * ops.log(ops.maximum(p, 1e-30)), axis=-1)
