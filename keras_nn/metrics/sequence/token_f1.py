import keras
from keras import ops

from keras_nn.metrics.sequence.tag_predictions import tag_predictions


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenF1(keras.metrics.Metric):
    """How many tokens that are more than background get their class.

    `F1 = 2 found / (there + said)`, over the tokens whose label (`there`) or
    whose prediction (`said`) is not `background`

    Args:
        background: int or None. The class that does not count, such as that
            of the tag `"O"`; None counts all, which gives the accuracy.
            Defaults to 0.
        ignore_class: int or None. The label of padding. Defaults to -1.
        name: str. Defaults to `"token_f1"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: tags of that shape, scores of shape `(batch, length, tags)`,
            or a chain of shape `(batch, length, tags, tags)`.
        sample_weight: float tensor of shape `(batch,)` or None.

    Returns:
        A scalar from 0 to 1; 0 where there is nothing to find.

    Example:

    >>> metric = TokenF1()
    >>> metric.update_state([[0, 1, 2, -1]], [[0, 1, 1, 1]])
    >>> float(metric.result())  # one of two
    0.5
    """

    def __init__(
        self, background=0, ignore_class=-1, name="token_f1", dtype=None
    ):
        super().__init__(name=name, dtype=dtype)
        self.background = background
        self.ignore_class = ignore_class
        self.found = self.add_variable((), "zeros", name="found")
        self.total = self.add_variable((), "zeros", name="total")

    def update_state(self, y_true, y_pred, sample_weight=None):
        labels = ops.cast(y_true, "int32")
        tags = tag_predictions(ops.convert_to_tensor(y_pred))
        weights = ops.ones_like(labels, dtype=self.dtype)
        if self.ignore_class is not None:
            there = ops.not_equal(labels, self.ignore_class)
            weights = ops.cast(there, self.dtype)
        if sample_weight is not None:
            sample_weight = ops.cast(sample_weight, self.dtype)
            weights = weights * ops.reshape(sample_weight, (-1, 1))
        counts = [self._counts(one) for one in (labels, tags)]
        right = ops.cast(ops.equal(labels, tags), self.dtype)
        self.found.assign_add(ops.sum(weights * right * counts[0]))
        self.total.assign_add(ops.sum(weights * (counts[0] + counts[1])))

    def result(self):
        total = self.total.value
        return 2 * self.found.value / ops.where(total > 0, total, 1)

    def get_config(self):
        return {
            "name": self.name,
            "dtype": self.dtype,
            "background": self.background,
            "ignore_class": self.ignore_class,
        }

    def _counts(self, tags):
        if self.background is None:
            return ops.ones_like(tags, dtype=self.dtype)
        return ops.cast(ops.not_equal(tags, self.background), self.dtype)
