import keras

from keras_nn.layers.cnn.drop_path import DropPath
from keras_nn.layers.transformer.spatial_reduction_attention import (
    SpatialReductionAttention,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class MixTransformerBlock(keras.layers.Layer):
    """A block of SegFormer's encoder, over a map.

    `x <- x + attend(norm(x))`; `x <- x + W_2 gelu(depthwise(W_1 norm(x)))`

    Keys and values are those of a smaller map. The depthwise convolution of
    3x3, between both dense layers, tells places apart: there are no
    positions, so that a picture may have any size.

    Args:
        num_heads: int. It divides the channels.
        hidden_dim: int. Units between the dense layers.
        reduction: int. See `SpatialReductionAttention`. Defaults to 1.
        drop_path: float. Share of examples for which a branch is dropped, in
            training. Defaults to 0.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `num_heads` does not divide the channels.

    Example:

    >>> from keras import ops
    >>> block = MixTransformerBlock(2, 16, reduction=2)
    >>> tuple(block(ops.ones((1, 4, 4, 8))).shape)
    (1, 4, 4, 8)

    Reference:
        [Xie et al., 2021](https://arxiv.org/abs/2105.15203), section 3.1.
    """

    def __init__(
        self,
        num_heads,
        hidden_dim,
        reduction=1,
        drop_path=0.0,
        epsilon=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.reduction = reduction
        self.drop_path = drop_path
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)
        common = {"dtype": self.dtype_policy}
        self.norm_before, self.norm_after = (
            keras.layers.LayerNormalization(
                epsilon=epsilon, name=name, **common
            )
            for name in ("norm_before", "norm_after")
        )
        self.attention = SpatialReductionAttention(
            num_heads, reduction, epsilon, name="attention", **common
        )
        self.intermediate = keras.layers.Dense(
            hidden_dim,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            name="intermediate",
            **common,
        )
        self.depthwise = keras.layers.DepthwiseConv2D(
            3,
            padding="same",
            activation="gelu",
            data_format="channels_last",
            name="depthwise",
            **common,
        )
        self.paths = [
            DropPath(drop_path, name=f"path_{index}", **common)
            for index in range(2)
        ]

    def build(self, input_shape):
        self.outer = keras.layers.Dense(
            input_shape[-1],
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            dtype=self.dtype_policy,
            name="outer",
        )
        hidden_shape = (*input_shape[:-1], self.hidden_dim)
        self.norm_before.build(input_shape)
        self.attention.build(input_shape)
        self.norm_after.build(input_shape)
        self.intermediate.build(input_shape)
        self.depthwise.build(hidden_shape)
        self.outer.build(hidden_shape)
        for path in self.paths:
            path.build(input_shape)

    def call(self, inputs, training=None):
        seen = self.attention(self.norm_before(inputs), training=training)
        x = inputs + self.paths[0](seen, training=training)
        hidden = self.depthwise(self.intermediate(self.norm_after(x)))
        return x + self.paths[1](self.outer(hidden), training=training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "reduction": self.reduction,
            "drop_path": self.drop_path,
            "epsilon": self.epsilon,
        }
