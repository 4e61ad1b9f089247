import keras
from keras import ops

LEAST = 1e-9  # added to probabilities, so that their logarithm is finite


@keras.saving.register_keras_serializable(package="keras_nn")
class CopyMechanism(keras.layers.Layer):
    """Words that are written, or pointed at in the source and copied.

    `p(w) = g softmax(z)_w + (1 - g) sum_(s: source_s = w) a_s`,
    `g = sigma(x . v + b)`; with the pointer network's `a` alone where `g` is
    0. What comes out are logarithms, which are logits, too.

    Call arguments:
        logits: float tensor `z` of shape `(batch, length, vocabulary)`.
        weights: float tensor `a` of shape `(batch, length, places)`: of the
            attention to the source.
        source: int tensor of shape `(batch, places)`: its ids.
        features: float tensor `x` of shape `(batch, length, features)`, from
            which it is decided.

    Returns:
        A float32 tensor of shape `(batch, length, vocabulary)`: `log p`.

    Example:

    >>> layer = CopyMechanism()
    >>> logs = layer(
    ...     ops.zeros((1, 2, 4)),
    ...     ops.ones((1, 2, 1)),
    ...     ops.array([[3]]),
    ...     ops.zeros((1, 2, 5)),
    ... )
    >>> [round(float(p), 3) for p in ops.exp(logs[0, 0])]
    [0.125, 0.125, 0.125, 0.625]

    Reference:
        [See et al., 2017](https://arxiv.org/abs/1704.04368);
        [Vinyals et al., 2015](https://arxiv.org/abs/1506.03134) (pointers)
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.gate = keras.layers.Dense(
            1, "sigmoid", dtype=self.dtype_policy, name="gate"
        )

    def build(self, logits_shape, weights_shape, source_shape, features_shape):
        self.gate.build(features_shape)

    def call(self, logits, weights, source, features):
        written = ops.softmax(ops.cast(logits, "float32"))
        gate = ops.cast(self.gate(features), "float32")
        size = logits.shape[-1]
        places = ops.one_hot(source, size, dtype="float32")
        copied = ops.einsum(
            "bts,bsv->btv", ops.cast(weights, "float32"), places
        )
        return ops.log(gate * written + (1 - gate) * copied + LEAST)

    def compute_output_shape(
        self, logits_shape, weights_shape, source_shape, features_shape
    ):
        return tuple(logits_shape)

    def compute_output_spec(self, logits, weights, source, features):
        return keras.KerasTensor(logits.shape, dtype="float32")
