import keras
from keras import ops

from keras_nn.metrics.sequence.token_rate import TokenRate


@keras.saving.register_keras_serializable(package="keras_nn")
class Perplexity(TokenRate):
    """Among how many tokens, equally likely, a language model hesitates.

    `exp(mean of -log p(y_t))` over the tokens whose label is not
    `ignore_class`

    Args:
        ignore_class: int or None. The label of padding. Defaults to -1.
        name: str. Defaults to `"perplexity"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, vocabulary)`: logits.

    Returns:
        A scalar from 1 on.

    Example:

    >>> metric = Perplexity()
    >>> metric.update_state([[1, 2, -1]], ops.zeros((1, 3, 8)))
    >>> round(float(metric.result()), 4)
    8.0

    Reference:
        [Jelinek et al., 1977](https://doi.org/10.1121/1.2016299)
    """

    def __init__(self, ignore_class=-1, name="perplexity", dtype=None):
        super().__init__(ignore_class, name, dtype)

    def result(self):
        return ops.exp(self.mean())
