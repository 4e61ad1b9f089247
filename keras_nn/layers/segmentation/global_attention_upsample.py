import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.ops.aligned_resize import aligned_resize


@keras.saving.register_keras_serializable(package="keras_nn")
class GlobalAttentionUpsample(keras.layers.Layer):
    """Joins two maps; what the coarse one holds weighs the fine one's channels.

    `y = up(c) + conv3x3(f) * sigmoid(conv1x1(mean(c)))`

    for the coarse map `c` and the fine one `f`, with batch normalisation
    behind both convolutions and ReLU behind the first.

    Args:
        filters: int. Channels of the coarse map, and of the result.

    Call arguments:
        inputs: `[fine, coarse]`, float tensors of shapes `(batch, height,
            width, channels)` and `(batch, height', width', filters)`.
        training: bool.

    Returns:
        A float tensor of shape `(batch, height, width, filters)`.

    Raises:
        ValueError: if the coarse map has another number of channels.

    Example:

    >>> maps = [ops.ones((1, 8, 8, 3)), ops.ones((1, 4, 4, 5))]
    >>> tuple(GlobalAttentionUpsample(5)(maps).shape)
    (1, 8, 8, 5)

    Reference:
        [Li et al., 2018](https://arxiv.org/abs/1805.10180), section 3.2.
    """

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.fine = ConvNormAct(
            filters, 3, dtype=self.dtype_policy, name="fine"
        )
        self.gate = ConvNormAct(
            filters,
            1,
            activation="sigmoid",
            dtype=self.dtype_policy,
            name="gate",
        )

    def build(self, input_shape):
        fine, coarse = input_shape
        if coarse[-1] != self.filters:
            raise ValueError(
                f"The coarse map must have {self.filters} channels. "
                f"Received: shapes {input_shape}"
            )
        self.fine.build(fine)
        self.gate.build((coarse[0], 1, 1, coarse[-1]))

    def call(self, inputs, training=None):
        fine, coarse = inputs
        mean = ops.mean(coarse, axis=(1, 2), keepdims=True)
        gate = self.gate(mean, training=training)
        enlarged = aligned_resize(coarse, *ops.shape(fine)[1:3])
        return enlarged + self.fine(fine, training=training) * gate

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], self.filters)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}
