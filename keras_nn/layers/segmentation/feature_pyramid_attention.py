import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.ops.aligned_resize import aligned_resize


@keras.saving.register_keras_serializable(package="keras_nn")
class FeaturePyramidAttention(keras.layers.Layer):
    """Weighs every place of a map by what three coarser looks make of it.

    `y = conv1(x) * a + conv1(mean(x))`,
    `d_1 = conv7(half(x))`, `d_2 = conv5(half(d_1))`,
    `d_3 = conv3(conv3(half(d_2)))`,
    `a = up(conv7(d_1) + up(conv5(d_2) + up(d_3)))`

    with the highest of every 2x2 places in `half`, one channel in `d` and
    `a`, and batch normalisation and ReLU behind every convolution.

    Args:
        filters: int. Channels of the result. Defaults to 32.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool.

    Returns:
        A float tensor of shape `(batch, height, width, filters)`.

    Example:

    >>> layer = FeaturePyramidAttention(4)
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 8, 8, 4)

    Reference:
        [Li et al., 2018](https://arxiv.org/abs/1805.10180), section 3.1.
    """

    def __init__(self, filters=32, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.input_spec = keras.InputSpec(ndim=4)
        self.middle = self._conv(filters, 1, "middle")
        self.pooled = self._conv(filters, 1, "pooled")
        self.downs = [
            self._conv(1, size, f"down_{index}")
            for index, size in enumerate((7, 5, 3))
        ]
        self.deepest = self._conv(1, 3, "deepest")
        self.ups = [
            self._conv(1, size, f"up_{index}")
            for index, size in enumerate((7, 5))
        ]

    def build(self, input_shape):
        for layer in (self.middle, self.pooled, self.downs[0]):
            layer.build((input_shape[0], None, None, input_shape[-1]))
        for layer in (*self.downs[1:], self.deepest, *self.ups):
            layer.build((input_shape[0], None, None, 1))

    def call(self, inputs, training=None):
        x, looks = inputs, []
        for down in self.downs:
            # The last, incomplete squares count, so that no map is empty.
            x = ops.max_pool(
                x, 2, 2, padding="same", data_format="channels_last"
            )
            x = down(x, training=training)
            looks.append(x)
        x = self.deepest(x, training=training)
        for up, look in zip(reversed(self.ups), looks[1::-1], strict=True):
            look = up(look, training=training)
            x = look + aligned_resize(x, *ops.shape(look)[1:3])
        attention = aligned_resize(x, *ops.shape(inputs)[1:3])
        mean = ops.mean(inputs, axis=(1, 2), keepdims=True)
        outputs = self.middle(inputs, training=training) * attention
        return outputs + self.pooled(mean, training=training)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}

    def _conv(self, filters, size, name):
        return ConvNormAct(filters, size, dtype=self.dtype_policy, name=name)
