import keras
from keras import ops

from keras_nn.layers.graph.edge_width import edge_width
from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class ResidualGatedConvolution(GraphProjection):
    """Every edge has a gate, opened by both of its ends.

    `y[t] = activation(x[t] R + sum over (s, t) of gate(x[t] K + k + x[s] Q +
    q) * (x[s] V + v) + b)`; with features of edges `K`, `Q` and `V` are
    applied to `[x, e[s, t]]`

    Args:
        units: int. Features of a node that come out.
        use_edge_features: bool. Whether gates and messages hold features of
            edges. Defaults to False.
        gate_activation: str or callable. Defaults to `"sigmoid"`.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_features` as asked for.
            Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive, or features of edges are asked
            for and not there.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(ResidualGatedConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Bresson and Laurent, 2018](https://arxiv.org/abs/1711.07553)
    """

    def __init__(
        self,
        units,
        use_edge_features=False,
        gate_activation="sigmoid",
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.use_edge_features = use_edge_features
        self.gate_activation = keras.activations.get(gate_activation)

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.bias = self.add_bias(self.units)
        width = features + edge_width(input_shape, self.use_edge_features)
        self.key, self.query, self.value = (
            self.dense(self.units, name) for name in ("key", "query", "value")
        )
        for layer in (self.key, self.query, self.value):
            layer.build((None, width))

    def message(self, graph, nodes):
        if self.use_edge_features:
            edges = graph.edge_features
            own = ops.concatenate([graph.of_target(nodes), edges], axis=-1)
            other = ops.concatenate([graph.of_source(nodes), edges], axis=-1)
            key, query = self.key(own), self.query(other)
            value = self.value(other)
        else:
            key = graph.of_target(self.key(nodes))
            query = graph.of_source(self.query(nodes))
            value = graph.of_source(self.value(nodes))
        return self.gate_activation(key + query) * value

    def update(self, graph, nodes, received):
        return self.finish(received + ops.matmul(nodes, self.own_kernel))

    def get_config(self):
        return {
            **super().get_config(),
            "use_edge_features": self.use_edge_features,
            "gate_activation": keras.activations.serialize(
                self.gate_activation
            ),
        }
