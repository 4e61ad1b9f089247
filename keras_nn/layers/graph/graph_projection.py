import math

import keras
from keras import ops

from keras_nn.layers.graph.message_passing import MessagePassing


class GraphProjection(MessagePassing):
    """What operators with weights have in common. Abstract.

    Args:
        units: int. Features of a node that come out.
        activation: str or callable. Defaults to None (linear).
        use_bias: bool. Defaults to True.
        kernel_initializer: initializer of every kernel, anew for each.
            Defaults to `"glorot_uniform"`.
        bias_initializer: initializer. Defaults to `"zeros"`.
        kernel_regularizer: regularizer of every kernel. Defaults to None.
        **kwargs: `aggregator`, `name`, `dtype` ...

    Raises:
        ValueError: if `units` is not positive.
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    @property
    def output_features(self):
        """int. Features of a node that come out."""
        return self.units

    def add_kernel(self, name, *shape):
        """A kernel with an initializer of its own."""
        initializer = self.kernel_initializer
        if hasattr(initializer, "clone"):
            initializer = initializer.clone()
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            regularizer=self.kernel_regularizer,
        )

    def add_kernels(self, name, *shape):
        """Kernels in one weight `(..., in, out)`, each drawn on its own.

        An initializer would take the leading axes for those of a filter.
        """
        initializer = self.kernel_initializer

        def draw(shape, dtype=None):
            slices = []
            for index in range(math.prod(shape[:-2])):
                one = initializer
                if hasattr(initializer, "get_config"):
                    config = initializer.get_config()
                    if isinstance(config.get("seed"), int):
                        config["seed"] += index
                    one = type(initializer).from_config(config)
                slices.append(one(shape[-2:], dtype=dtype))
            return ops.reshape(ops.stack(slices), shape)

        return self.add_weight(
            name=name,
            shape=shape,
            initializer=draw,
            regularizer=self.kernel_regularizer,
        )

    def add_bias(self, *shape, name="bias"):
        """A bias, or None where the layer has none."""
        if not self.use_bias:
            return None
        return self.add_weight(
            name=name, shape=shape, initializer=self.bias_initializer
        )

    def dense(self, units, name, activation=None, use_bias=True):
        """A dense sublayer with the initializers of this layer."""
        initializer = self.kernel_initializer
        if hasattr(initializer, "clone"):
            initializer = initializer.clone()
        return keras.layers.Dense(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=initializer,
            bias_initializer=self.bias_initializer,
            kernel_regularizer=self.kernel_regularizer,
            dtype=self.dtype_policy,
            name=name,
        )

    def finish(self, nodes):
        """Adds the bias, if there is one, and applies the activation."""
        if self.use_bias:
            nodes = ops.add(nodes, self.bias)
        return self.activation(nodes)

    def compute_output_shape(self, input_shape):
        return (*input_shape["node_features"][:-1], self.output_features)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
            "bias_initializer": keras.initializers.serialize(
                self.bias_initializer
            ),
            "kernel_regularizer": keras.regularizers.serialize(
                self.kernel_regularizer
            ),
        }
