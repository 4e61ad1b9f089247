import keras
from keras import ops

from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention


@keras.saving.register_keras_serializable(package="keras_nn")
class SpatialReductionAttention(keras.layers.Layer):
    """Self-attention over a map whose keys and values are a smaller map.

    `y = attend(x, c)`, `c = norm(conv(x))` with a kernel and a stride of
    `reduction`

    Every place looks at `reduction^2` times fewer, so that fine maps can be
    attended over. With a reduction of 1 it is plain self-attention.

    Args:
        num_heads: int. It divides the channels.
        reduction: int. How many times smaller keys and values are on a side.
            Defaults to 1.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `reduction` is not positive, or `num_heads` does not
            divide the channels.

    Example:

    >>> layer = SpatialReductionAttention(2, reduction=2)
    >>> tuple(layer(ops.ones((1, 4, 6, 8))).shape)
    (1, 4, 6, 8)

    Reference:
        [Wang et al., 2021](https://arxiv.org/abs/2102.12122), section 3.3;
        [Xie et al., 2021](https://arxiv.org/abs/2105.15203), section 3.1.
    """

    def __init__(self, num_heads, reduction=1, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if reduction < 1:
            raise ValueError(
                f"`reduction` must be positive. Received: {reduction=}"
            )
        self.num_heads = num_heads
        self.reduction = reduction
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)
        self.attention = ImageSelfAttention(
            num_heads, dtype=self.dtype_policy, name="attention"
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        if self.reduction > 1:
            self.reduce = keras.layers.Conv2D(
                channels,
                self.reduction,
                strides=self.reduction,
                data_format="channels_last",
                dtype=self.dtype_policy,
                name="reduce",
            )
            self.reduce.build(input_shape)
            self.reduce_norm = keras.layers.LayerNormalization(
                epsilon=self.epsilon,
                dtype=self.dtype_policy,
                name="reduce_norm",
            )
            self.reduce_norm.build(input_shape)
        self.attention.build((input_shape[0], None, channels))

    def call(self, inputs, training=None):
        context = None
        if self.reduction > 1:
            context = self.reduce_norm(_tokens(self.reduce(inputs)))
        outputs = self.attention(
            _tokens(inputs), context=context, training=training
        )
        return ops.reshape(outputs, (-1, *ops.shape(inputs)[1:]))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "reduction": self.reduction,
            "epsilon": self.epsilon,
        }


def _tokens(x):
    """The places of a map in a row: `(batch, height * width, channels)`."""
    _, height, width, channels = ops.shape(x)
    return ops.reshape(x, (-1, height * width, channels))
