import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import places


@keras.saving.register_keras_serializable(package="keras_nn")
class ActNorm(FlowLayer):
    """Scale and shift of each channel, which begin by standardising the data.

    `z = (x + b) * exp(s)`; after `adapt(x)` each channel of `z` has mean 0
    and deviation 1. Then both are trained like other weights, so nothing
    depends on the batch. A channel that never varies keeps its scale.

    Args:
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Example:

    >>> layer = ActNorm()
    >>> z, log_det = layer(ops.ones((2, 3)))
    >>> x, _ = layer(z, inverse=True)
    >>> bool(ops.all(x == 1))
    True

    Reference:
        [Kingma and Dhariwal, 2018](https://arxiv.org/abs/1807.03039),
        section 3.1
    """

    def build(self, inputs_shape, condition_shape=None):
        for name in ("bias", "log_scale"):
            weight = self.add_weight(
                name=name, shape=(inputs_shape[-1],), initializer="zeros"
            )
            setattr(self, name, weight)
        self.places = places(inputs_shape)

    def adapt(self, x, condition=None):
        """Makes the channels of `x` standard.

        Args:
            x: float array `(n, ..., channels)`.
            condition: not used.
        """
        axes = tuple(range(len(x.shape) - 1))
        x = ops.cast(x, "float32")
        deviation = ops.std(x, axis=axes)
        deviation = ops.where(deviation < 1e-6, 1.0, deviation)
        self.bias.assign(-ops.mean(x, axis=axes))
        self.log_scale.assign(-ops.log(deviation))

    def forward(self, inputs, condition=None, training=None):
        outputs = (inputs + self.bias) * ops.exp(self.log_scale)
        return outputs, self._log_det(inputs)

    def backward(self, inputs, condition=None, training=None):
        outputs = inputs * ops.exp(-self.log_scale) - self.bias
        return outputs, -self._log_det(inputs)

    def _log_det(self, inputs):
        total = self.places * ops.sum(self.log_scale)
        return ops.broadcast_to(total, (ops.shape(inputs)[0],))
