import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MultipleNegativesRanking(keras.losses.Loss):
    """Each example finds its partner among those of the whole batch.

    `loss_i = -log( exp(s(a_i, b_i) / T) / sum_j exp(s(a_i, b_j) / T) )`,
    with the cosine `s` and the temperature `T`: InfoNCE with the partners of
    the other examples as negatives

    It looks across the batch, so that replicas see fewer negatives each; see
    `keras_nn.training.of_whole_batch`.

    Args:
        temperature: float. Smaller makes near negatives matter more.
            Defaults to 0.05.
        symmetric: bool. Whether partners look for their examples, too: the
            mean of both. Defaults to False.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"multiple_negatives_ranking"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: float tensor `(batch, features)`: the partners `b`.
        y_pred: float tensor `(batch, features)`: the examples `a`.

    Returns:
        Nats an example, `(batch,)`, reduced.

    Raises:
        ValueError: if the temperature is not positive.

    Example:

    >>> loss = MultipleNegativesRanking(temperature=1.0)
    >>> vectors = ops.eye(2)
    >>> round(float(loss(vectors, vectors)), 4)  # log(1 + exp(-1))
    0.3133

    Reference:
        [Henderson et al., 2017](https://arxiv.org/abs/1705.00652), section 4;
        [van den Oord et al., 2018](https://arxiv.org/abs/1807.03748)
    """

    def __init__(
        self,
        temperature=0.05,
        symmetric=False,
        reduction="sum_over_batch_size",
        name="multiple_negatives_ranking",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if temperature <= 0:
            raise ValueError(
                f"`temperature` must be positive. Received: {temperature=}"
            )
        self.temperature = temperature
        self.symmetric = symmetric

    def call(self, y_true, y_pred):
        return multiple_negatives_ranking(
            y_true, y_pred, self.temperature, self.symmetric
        )

    def get_config(self):
        return {
            **super().get_config(),
            "dtype": self.dtype,
            "temperature": self.temperature,
            "symmetric": self.symmetric,
        }


def multiple_negatives_ranking(
    y_true, y_pred, temperature=0.05, symmetric=False
):
    """Nats of each example; see `MultipleNegativesRanking`.

    Args:
        y_true: float tensor `(batch, features)`: the partners.
        y_pred: float tensor `(batch, features)`: the examples.
        temperature: float.
        symmetric: bool.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> values = multiple_negatives_ranking(ops.eye(2), ops.eye(2), 1.0)
    >>> tuple(values.shape)
    (2,)
    """
    partners, examples = (
        _unit(ops.cast(ops.convert_to_tensor(vectors), "float32"))
        for vectors in (y_true, y_pred)
    )
    logits = examples @ ops.transpose(partners) / temperature
    right = ops.sum(examples * partners, axis=-1) / temperature
    nats = ops.logsumexp(logits, axis=1) - right
    if symmetric:
        nats = (nats + ops.logsumexp(logits, axis=0) - right) / 2
    return nats


def _unit(vectors):
    square = ops.sum(ops.square(vectors), axis=-1, keepdims=True)
    return vectors * ops.rsqrt(ops.maximum(square, 1e-12))
