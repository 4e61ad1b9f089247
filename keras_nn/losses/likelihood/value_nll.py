import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ValueNLL(keras.losses.Loss):
    """Negative log-likelihood of values that are independent. Abstract.

    `loss = -sum over the values of an example of log p(value | parameters)`,
    in nats. A subclass says `value_nll`, `mean`, `draw` and how many
    `parameters_per_value` a network must say; the parameters of a value with
    `channels` stand along the last axis, one kind after the other.

    Call arguments:
        y_true: values `(batch, ..., channels)`.
        y_pred: float tensor `(batch, ..., channels * parameters_per_value)`.

    Returns:
        A float tensor `(batch,)` under `reduction="none"`.

    Example:

    >>> from keras import ops
    >>> from keras_nn.losses import BernoulliNLL
    >>> loss = BernoulliNLL()
    >>> loss.parameters_per_value
    1
    >>> ops.convert_to_numpy(loss.mean(ops.zeros((1, 2)))).tolist()
    [[0.5, 0.5]]
    """

    parameters_per_value = 1

    def call(self, y_true, y_pred):
        y_true = ops.cast(y_true, y_pred.dtype)
        terms = self.value_nll(y_true, y_pred)
        return ops.sum(terms, axis=tuple(range(1, len(terms.shape))))

    def value_nll(self, y_true, y_pred):
        """Negative log-likelihood of every value, of the shape of `y_true`."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no `value_nll`."
        )

    def mean(self, y_pred):
        """The expected values: a tensor of the shape of `y_true`."""
        raise NotImplementedError(f"{type(self).__name__} defines no `mean`.")

    def draw(self, y_pred, seed=None):
        """Values drawn from their distribution.

        Args:
            y_pred: as in the call.
            seed: int or `keras.random.SeedGenerator`.
        """
        raise NotImplementedError(f"{type(self).__name__} defines no `draw`.")

    def get_config(self):
        return {**super().get_config(), "dtype": self.dtype}
