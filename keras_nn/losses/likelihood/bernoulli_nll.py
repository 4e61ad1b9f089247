import keras
from keras import ops

from keras_nn.losses.likelihood.value_nll import ValueNLL


@keras.saving.register_keras_serializable(package="keras_nn")
class BernoulliNLL(ValueNLL):
    """Negative log-likelihood of values of 0 and 1, given logits.

    `loss = sum_i softplus(l_i) - y_i l_i`

    Args:
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"bernoulli_nll"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: values from 0 to 1, `(batch, ...)`. Grey ones are
            probabilities: the loss is then a cross-entropy.
        y_pred: logits of the same shape.

    Returns:
        Nats an example, reduced.

    Example:

    >>> from keras import ops
    >>> round(float(BernoulliNLL()(ops.ones((1, 2)), ops.zeros((1, 2)))), 4)
    1.3863

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix C
    """

    def __init__(
        self,
        reduction="sum_over_batch_size",
        name="bernoulli_nll",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def value_nll(self, y_true, y_pred):
        return ops.softplus(y_pred) - y_true * y_pred

    def mean(self, y_pred):
        return ops.sigmoid(y_pred)

    def draw(self, y_pred, seed=None):
        uniform = keras.random.uniform(ops.shape(y_pred), seed=seed)
        return ops.cast(uniform < ops.sigmoid(y_pred), y_pred.dtype)


def bernoulli_nll(y_true, y_pred):
    """Nats of each example; see `BernoulliNLL`.

    Args:
        y_true: values `(batch, ..., channels)`.
        y_pred: what the network says of them.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> nats = bernoulli_nll(ops.ones((1, 2)), ops.zeros((1, 2)))
    >>> tuple(nats.shape)
    (1,)
    """
    return BernoulliNLL(reduction="none")(y_true, y_pred)
