import keras
from keras import ops

from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.edge_width import edge_width
from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class CrystalConvolution(GraphProjection):
    """Gated messages from both ends of an edge and the edge (CGCNN).

    `y[t] = activation(x[t] + aggregate over (s, t) of sigmoid(z F + f) *
    softplus(z S + g))`, `z = [x[t], x[s], e[s, t]]`

    Args:
        units: int. Features of a node, those of `node_features`.
        use_edge_features: bool. Whether `z` holds features of edges. Defaults
            to False.
        aggregator: as of `MessagePassing`, one. Defaults to `"sum"`.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_features` as asked for.
            Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not the number of features, or features of
            edges are asked for and not there.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(CrystalConvolution(2)(graph).shape)
    (1, 3, 2)

    Reference:
        [Xie and Grossman, 2018](https://arxiv.org/abs/1710.10324)
    """

    def __init__(
        self, units, use_edge_features=False, aggregator="sum", **kwargs
    ):
        super().__init__(units, aggregator=aggregator, **kwargs)
        self.use_edge_features = use_edge_features

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        if features != self.units:
            raise ValueError(
                "`units` must be the number of features, since the layer adds "
                f"to them. Received: units={self.units}, {features} features"
            )
        build_aggregator(self.aggregator, features)
        width = 2 * features
        width += edge_width(input_shape, self.use_edge_features)
        self.gate = self.dense(features, "gate", use_bias=self.use_bias)
        self.gate.build((None, width))
        self.core = self.dense(features, "core", use_bias=self.use_bias)
        self.core.build((None, width))

    def message(self, graph, nodes):
        parts = [graph.of_target(nodes), graph.of_source(nodes)]
        if self.use_edge_features:
            parts.append(graph.edge_features)
        z = ops.concatenate(parts, axis=-1)
        return ops.sigmoid(self.gate(z)) * ops.softplus(self.core(z))

    def update(self, graph, nodes, received):
        return self.activation(nodes + received)

    def get_config(self):
        return {
            **super().get_config(),
            "use_edge_features": self.use_edge_features,
        }
