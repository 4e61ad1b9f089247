import keras

from keras_nn.layers.cnn.drop_path import DropPath
from keras_nn.layers.cnn.layer_scale import LayerScale
from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention
from keras_nn.layers.transformer.window_attention import WindowAttention


@keras.saving.register_keras_serializable(package="keras_nn")
class VisionTransformerBlock(keras.layers.Layer):
    """Attention, then a perceptron, each around a shortcut, normalised before.

    `x <- x + path(scale(attention(norm(x))))`;
    `y = x + path(scale(gelu(norm(x) @ W1 + b1) @ W2 + b2))`

    With a window the attention stays inside of squares of a map, as in a
    Swin transformer; without one every token sees every other.

    Args:
        num_heads: int. It divides the features.
        hidden_dim: int. Width of the perceptron.
        window_size: int or None. Side of a window, in pixels. Defaults to
            None.
        shift: int. Pixels by which windows move. Defaults to 0.
        use_bias: bool. Of queries, keys and values. Defaults to True.
        dropout: float. Share of features dropped at the end of each branch,
            in training. Defaults to 0.
        drop_path: float. Share of examples for which a branch is dropped, in
            training. Defaults to 0.
        layer_scale: float or None. Start of the factor of each branch; None
            leaves it out. Defaults to None.
        epsilon: float, added to variances. Defaults to 1e-12.

    Call arguments:
        inputs: float tensor of shape `(batch, tokens, features)`; with a
            window `(batch, height, width, features)`.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> layer = VisionTransformerBlock(2, hidden_dim=32)
    >>> tuple(layer(ops.ones((1, 5, 8))).shape)
    (1, 5, 8)

    Reference:
        [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929);
        [Liu et al., 2021](https://arxiv.org/abs/2103.14030)
    """

    def __init__(
        self,
        num_heads,
        hidden_dim,
        window_size=None,
        shift=0,
        use_bias=True,
        dropout=0.0,
        drop_path=0.0,
        layer_scale=None,
        epsilon=1e-12,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.hidden_dim = hidden_dim
        self.window_size = window_size
        self.shift = shift
        self.use_bias = use_bias
        self.dropout = dropout
        self.drop_path = drop_path
        self.layer_scale = layer_scale
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=3 if window_size is None else 4)
        common = {"dtype": self.dtype_policy}
        self.norm_before, self.norm_after = (
            keras.layers.LayerNormalization(
                epsilon=epsilon, name=name, **common
            )
            for name in ("norm_before", "norm_after")
        )
        common_attention = {"use_bias": use_bias, "name": "attention"}
        if window_size is None:
            self.attention = ImageSelfAttention(
                num_heads, **common_attention, **common
            )
        else:
            self.attention = WindowAttention(
                num_heads, window_size, shift, **common_attention, **common
            )
        self.intermediate = keras.layers.Dense(
            hidden_dim,
            activation="gelu",
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            name="intermediate",
            **common,
        )
        self.scales = [
            LayerScale(layer_scale, name=f"scale_{index}", **common)
            for index in range(0 if layer_scale is None else 2)
        ]
        self.paths = [
            DropPath(drop_path, name=f"path_{index}", **common)
            for index in range(2)
        ]
        self.dropouts = [
            keras.layers.Dropout(dropout, name=f"dropout_{index}", **common)
            for index in range(2)
        ]

    def build(self, input_shape):
        features = input_shape[-1]
        self.outer = keras.layers.Dense(
            features,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            dtype=self.dtype_policy,
            name="outer",
        )
        hidden_shape = (*input_shape[:-1], self.hidden_dim)
        self.norm_before.build(input_shape)
        self.attention.build(input_shape)
        self.norm_after.build(input_shape)
        self.intermediate.build(input_shape)
        self.outer.build(hidden_shape)
        for layer in (*self.scales, *self.paths, *self.dropouts):
            layer.build(input_shape)

    def call(self, inputs, training=None):
        branch = self.attention(self.norm_before(inputs), training=training)
        x = inputs + self._end(branch, 0, training)
        branch = self.intermediate(self.norm_after(x))
        return x + self._end(self.outer(branch), 1, training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden_dim": self.hidden_dim,
            "window_size": self.window_size,
            "shift": self.shift,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "drop_path": self.drop_path,
            "layer_scale": self.layer_scale,
            "epsilon": self.epsilon,
        }

    def _end(self, x, index, training):
        x = self.dropouts[index](x, training=training)
        if self.scales:
            x = self.scales[index](x)
        return self.paths[index](x, training=training)
