import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class VisionTokens(keras.layers.Layer):
    """Adds positions to the tokens of a picture, and tokens in front.

    `y = [class + p[0], registers, x + p[1:]]`

    Args:
        class_token: bool. Whether a learned token that is to stand for the
            whole picture goes first. Defaults to True.
        num_registers: int. Learned tokens without a position, which give the
            network places to work in. Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`, the number
            of tokens known.

    Returns:
        A float tensor of shape `(batch, class_token + num_registers + tokens,
        features)`.

    Raises:
        ValueError: if `num_registers` is negative, or the number of tokens is
            unknown.

    Example:

    >>> tuple(VisionTokens(num_registers=4)(ops.ones((2, 9, 8))).shape)
    (2, 14, 8)

    Reference:
        [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929);
        [Darcet et al., 2024](https://arxiv.org/abs/2309.16588)
    """

    def __init__(self, class_token=True, num_registers=0, **kwargs):
        super().__init__(**kwargs)
        if num_registers < 0:
            raise ValueError(
                "`num_registers` must not be negative. "
                f"Received: {num_registers=}"
            )
        self.class_token = class_token
        self.num_registers = num_registers
        self.input_spec = keras.InputSpec(ndim=3)

    def build(self, input_shape):
        _, tokens, features = input_shape
        if tokens is None:
            raise ValueError(
                "The number of tokens must be known. "
                f"Received: input_shape={input_shape}"
            )
        self.cls_token = None
        if self.class_token:
            self.cls_token = self._tokens("cls_token", 1, features)
        self.position_embeddings = self._tokens(
            "position_embeddings", tokens + bool(self.class_token), features
        )
        self.register_tokens = None
        if self.num_registers:
            self.register_tokens = self._tokens(
                "register_tokens", self.num_registers, features
            )

    def call(self, inputs):
        batch = ops.shape(inputs)[0]
        positions = ops.cast(self.position_embeddings, inputs.dtype)
        parts = []
        if self.class_token:
            parts.append(self.cls_token + positions[:, :1])
            positions = positions[:, 1:]
        if self.num_registers:
            parts.append(ops.convert_to_tensor(self.register_tokens))
        parts = [
            ops.broadcast_to(
                ops.cast(part, inputs.dtype), (batch, *part.shape[1:])
            )
            for part in parts
        ]
        return ops.concatenate([*parts, inputs + positions], axis=1)

    def compute_output_shape(self, input_shape):
        batch, tokens, features = input_shape
        front = bool(self.class_token) + self.num_registers
        return batch, front + tokens, features

    def get_config(self):
        return {
            **super().get_config(),
            "class_token": self.class_token,
            "num_registers": self.num_registers,
        }

    def _tokens(self, name, count, features):
        return self.add_weight(
            shape=(1, count, features),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            name=name,
        )
