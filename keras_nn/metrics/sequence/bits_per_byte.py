import math

import keras
from keras import ops

from keras_nn.metrics.sequence.token_rate import TokenRate


@keras.saving.register_keras_serializable(package="keras_nn")
class BitsPerByte(TokenRate):
    """How short a language model could write the text: bits for each byte.

    `sum_t -log2 p(y_t) / sum_t bytes(y_t)` over the tokens whose label is not
    `ignore_class`; unlike perplexity it compares models whose tokens differ.

    Args:
        token_bytes: list of int, one for each token of the vocabulary: its
            length in bytes. Or None: every token counts one, which gives
            bits a token, or bits a character. Defaults to None.
        ignore_class: int or None. The label of padding. Defaults to -1.
        name: str. Defaults to `"bits_per_byte"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: float tensor of shape `(batch, length, vocabulary)`: logits.

    Returns:
        A scalar.

    Raises:
        ValueError: if no token has a byte.

    Example:

    >>> metric = BitsPerByte(token_bytes=[1, 1, 2, 4])
    >>> metric.update_state([[0, 3]], ops.zeros((1, 2, 4)))
    >>> round(float(metric.result()), 4)  # 2 tokens of 2 bits, 5 bytes
    0.8

    Reference:
        [Gao et al., 2020](https://arxiv.org/abs/2101.00027), section 3.1
    """

    def __init__(
        self,
        token_bytes=None,
        ignore_class=-1,
        name="bits_per_byte",
        dtype=None,
    ):
        super().__init__(ignore_class, name, dtype)
        if token_bytes is not None and not any(n > 0 for n in token_bytes):
            raise ValueError(
                "`token_bytes` must hold a positive length. Received: "
                f"{token_bytes=}"
            )
        self.token_bytes = None if token_bytes is None else list(token_bytes)

    def amount(self, labels):
        if self.token_bytes is None:
            return super().amount(labels)
        table = ops.convert_to_tensor(self.token_bytes, dtype=self.dtype)
        return ops.take(table, labels, axis=0)

    def result(self):
        return self.mean() / math.log(2)

    def get_config(self):
        return {**super().get_config(), "token_bytes": self.token_bytes}
