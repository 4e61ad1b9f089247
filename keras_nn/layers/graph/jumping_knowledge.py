import keras
from keras import ops

MODES = ("cat", "max", "lstm")


@keras.saving.register_keras_serializable(package="keras_nn")
class JumpingKnowledge(keras.layers.Layer):
    """What all layers of a network know of a node, put together.

    `"cat"`: side by side; `"max"`: the largest, feature by feature; `"lstm"`:
    the mean over layers weighted by attention, `softmax over layers of w .
    BiLSTM(x_1, ..., x_L) + b`

    Args:
        mode: `"cat"`, `"max"` or `"lstm"`. Defaults to `"cat"`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: list of float tensors of shape `(..., features)`, with as many
            features for `"max"` and `"lstm"`.

    Returns:
        A float tensor of shape `(..., features)`, of all features for
        `"cat"`.

    Raises:
        ValueError: on another mode.

    Example:

    >>> x = [ops.ones((1, 3, 2)), ops.zeros((1, 3, 2))]
    >>> tuple(JumpingKnowledge()(x).shape)
    (1, 3, 4)
    >>> tuple(JumpingKnowledge("lstm")(x).shape)
    (1, 3, 2)

    Reference:
        [Xu et al., 2018](https://arxiv.org/abs/1806.03536)
    """

    def __init__(self, mode="cat", **kwargs):
        super().__init__(**kwargs)
        if mode not in MODES:
            raise ValueError(
                f"`mode` must be one of {MODES}. Received: {mode=}"
            )
        self.mode = mode

    def build(self, input_shape):
        if self.mode != "lstm":
            return
        features, count = input_shape[0][-1], len(input_shape)
        units = count * features // 2
        self.reader = keras.layers.Bidirectional(
            keras.layers.LSTM(
                units,
                return_sequences=True,
                dtype=self.dtype_policy,
                name="lstm",
            ),
            dtype=self.dtype_policy,
            name="reader",
        )
        self.reader.build((None, count, features))
        self.attention = keras.layers.Dense(
            1, dtype=self.dtype_policy, name="attention"
        )
        self.attention.build((None, count, 2 * units))

    def call(self, inputs):
        if self.mode == "cat":
            return ops.concatenate(inputs, axis=-1)
        if self.mode == "max":
            return ops.max(ops.stack(inputs, axis=-1), axis=-1)
        x = ops.stack(inputs, axis=-2)  # (..., layers, features)
        layers = ops.reshape(x, (-1, *x.shape[-2:]))
        weights = self.attention(self.reader(layers))
        y = ops.sum(layers * ops.softmax(weights, axis=1), axis=1)
        return ops.reshape(y, ops.shape(inputs[0]))

    def compute_output_shape(self, input_shape):
        features = [shape[-1] for shape in input_shape]
        width = sum(features) if self.mode == "cat" else features[0]
        return (*input_shape[0][:-1], width)

    def get_config(self):
        return {**super().get_config(), "mode": self.mode}
