import keras

from keras_nn.layers.flow.flow_chain import check_flow_layer
from keras_nn.layers.flow.flow_chain import deserialized
from keras_nn.layers.flow.flow_chain import serialized
from keras_nn.layers.flow.flow_layer import FlowLayer


@keras.saving.register_keras_serializable(package="keras_nn")
class Inverted(FlowLayer):
    """A flow layer that runs backwards.

    `z = f^-1(x)`. An inverted `Autoregressive` layer is IAF: it draws in one
    pass and takes as many passes as there are values to say a density.

    Args:
        layer: `FlowLayer`. For data of another shape than its codes
            (`Squeeze`) it must know both ways.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: float tensor `(batch, units)` or None.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If `layer` is none of a flow.

    Example:

    >>> from keras import ops
    >>> from keras_nn.layers import Squeeze
    >>> z, _ = Inverted(Squeeze())(ops.ones((1, 2, 2, 4)))
    >>> tuple(z.shape)
    (1, 4, 4, 1)

    Reference:
        [Kingma et al., 2016](https://arxiv.org/abs/1606.04934) (IAF)
    """

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        check_flow_layer(layer)
        self.layer = layer

    def build(self, inputs_shape, condition_shape=None):
        if not self.layer.built:
            shape = self._inner_shape(inputs_shape)
            self.layer.build(shape, condition_shape)
            self.layer.built = True

    def _inner_shape(self, shape):
        if hasattr(self.layer, "compute_input_shape"):
            return self.layer.compute_input_shape(shape)
        return shape

    def forward(self, inputs, condition=None, training=None):
        return self.layer(inputs, condition, inverse=True, training=training)

    def backward(self, inputs, condition=None, training=None):
        return self.layer(inputs, condition, inverse=False, training=training)

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        return tuple(self._inner_shape(inputs_shape)), (inputs_shape[0],)

    def get_config(self):
        (layer,) = serialized([self.layer])
        return {**super().get_config(), "layer": layer}

    @classmethod
    def from_config(cls, config):
        (layer,) = deserialized([config["layer"]])
        return cls(**{**config, "layer": layer})
