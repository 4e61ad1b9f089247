import keras

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import adapt
from keras_nn.layers.flow.flow_layer import zeros_of_each


@keras.saving.register_keras_serializable(package="keras_nn")
class FlowChain(FlowLayer):
    """Flow layers one after the other; backwards, the last one first.

    `log |det| = sum_k log |det_k|`

    Args:
        layers: list of `FlowLayer`s, from data to codes.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: float tensor `(batch, units)` or None.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If there is no layer, or one that is none of a flow.

    Example:

    >>> from keras_nn.layers import ActNorm, InvertibleLinear
    >>> z, log_det = FlowChain([ActNorm(), InvertibleLinear()])(
    ...     ops.ones((2, 3))
    ... )
    >>> tuple(z.shape)
    (2, 3)
    """

    def __init__(self, layers, **kwargs):
        super().__init__(**kwargs)
        layers = list(layers)
        for layer in layers:
            check_flow_layer(layer)
        if not layers:
            raise ValueError(
                f"`layers` must hold a flow layer. Received: {layers=}"
            )
        self.layers = layers

    def build(self, inputs_shape, condition_shape=None):
        shape = tuple(inputs_shape)
        for index, layer in enumerate(self.layers):
            if not layer.built:
                if layer.name in {o.name for o in self.layers[:index]}:
                    layer.name = f"{layer.name}_{index}"
                layer.build(shape, condition_shape)
                layer.built = True
            shape = layer.compute_output_shape(shape)[0]

    def adapt(self, x, condition=None):
        """Lets each layer learn the statistics of what it gets.

        Args:
            x: float array `(n, ..., channels)`.
            condition: float array `(n, units)` or None.
        """
        for layer in self.layers:
            adapt(layer, x, condition)
            x, _ = layer(x, condition)

    def forward(self, inputs, condition=None, training=None):
        return self._run(self.layers, inputs, condition, False, training)

    def backward(self, inputs, condition=None, training=None):
        layers = reversed(self.layers)
        return self._run(layers, inputs, condition, True, training)

    def _run(self, layers, x, condition, inverse, training):
        total = zeros_of_each(x)
        for layer in layers:
            x, log_det = layer(x, condition, inverse=inverse, training=training)
            total = total + log_det
        return x, total

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        shape = tuple(inputs_shape)
        for layer in self.layers:
            shape = layer.compute_output_shape(shape)[0]
        return shape, (inputs_shape[0],)

    def get_config(self):
        return {**super().get_config(), "layers": serialized(self.layers)}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "layers": deserialized(config["layers"])})


def check_flow_layer(layer):
    """Raise unless `layer` is one of a flow."""
    if not isinstance(layer, FlowLayer):
        raise ValueError(
            "Flows are made of flow layers, such as `Coupling`. "
            f"Received: {layer}"
        )


def serialized(layers):
    """Configs of layers, without the shapes that they were built for."""
    found = []
    for layer in layers:
        config = keras.saving.serialize_keras_object(layer)
        config.pop("build_config", None)
        found.append(config)
    return found


def deserialized(configs):
    """The layers of such configs."""
    return [keras.saving.deserialize_keras_object(c) for c in configs]
