import keras
from keras import ops


class TokenRate(keras.metrics.Metric):
    """Summed cross-entropy of tokens, and of how much text they are.

    Abstract. A subclass says in `result` what to make of `nats` and `text`.

    Args:
        ignore_class: int or None. The label of padding.
        name: str.
        dtype: str. Type of the sums.
    """

    def __init__(self, ignore_class=-1, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.ignore_class = ignore_class
        self.nats = self.add_variable((), "zeros", name="nats")
        self.text = self.add_variable((), "zeros", name="text")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.cast(y_true, "int32")
        logits = ops.cast(y_pred, self.dtype)
        there = ops.ones_like(y_true, dtype="bool")
        if self.ignore_class is not None:
            there = ops.not_equal(y_true, self.ignore_class)
        labels = ops.where(there, y_true, 0)
        nats = ops.sparse_categorical_crossentropy(
            labels, logits, from_logits=True
        )
        weights = ops.cast(there, self.dtype)
        if sample_weight is not None:
            sample_weight = ops.cast(sample_weight, self.dtype)
            if len(sample_weight.shape) == 1:
                sample_weight = sample_weight[:, None]
            weights = weights * sample_weight
        # Logits of padding may be anything, and 0 times infinity is NaN.
        nats = ops.where(there, nats, 0.0)
        self.nats.assign_add(ops.sum(weights * nats))
        self.text.assign_add(ops.sum(weights * self.amount(labels)))

    def amount(self, labels):
        """How much text each token is: a float tensor like `labels`."""
        return ops.ones_like(labels, dtype=self.dtype)

    def mean(self):
        """Nats per unit of text; 0 before the first."""
        nats, text = self.nats.value, self.text.value
        return nats / ops.where(text > 0, text, 1)

    def get_config(self):
        return {
            "name": self.name,
            "dtype": self.dtype,
            "ignore_class": self.ignore_class,
        }
