import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import zeros_of_each


@keras.saving.register_keras_serializable(package="keras_nn")
class Squeeze(FlowLayer):
    """Blocks of 2x2 pixels become channels; nothing else changes.

    `(height, width, channels)` becomes `(height / 2, width / 2,
    4 * channels)`, the log determinant is 0.

    Args:
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)` of even sides.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If a side is odd.

    Example:

    >>> z, _ = Squeeze()(ops.ones((1, 4, 6, 1)))
    >>> tuple(z.shape)
    (1, 2, 3, 4)

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803), section 3.6
    """

    def build(self, inputs_shape, condition_shape=None):
        if inputs_shape[1] % 2 or inputs_shape[2] % 2:
            raise ValueError(
                "Squeeze takes pictures of even height and width. "
                f"Received: shape {tuple(inputs_shape)}"
            )

    def forward(self, inputs, condition=None, training=None):
        _, height, width, channels = inputs.shape
        x = ops.reshape(inputs, (-1, height // 2, 2, width // 2, 2, channels))
        x = ops.transpose(x, (0, 1, 3, 5, 2, 4))
        outputs = ops.reshape(x, (-1, height // 2, width // 2, 4 * channels))
        return outputs, zeros_of_each(inputs)

    def backward(self, inputs, condition=None, training=None):
        _, height, width, channels = inputs.shape
        x = ops.reshape(inputs, (-1, height, width, channels // 4, 2, 2))
        x = ops.transpose(x, (0, 1, 4, 2, 5, 3))
        outputs = ops.reshape(x, (-1, 2 * height, 2 * width, channels // 4))
        return outputs, zeros_of_each(inputs)

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        batch, height, width, channels = inputs_shape
        return (batch, height // 2, width // 2, 4 * channels), (batch,)

    def compute_input_shape(self, outputs_shape):
        """The shape of what becomes `outputs_shape`, for `Inverted`."""
        batch, height, width, channels = outputs_shape
        return batch, 2 * height, 2 * width, channels // 4
