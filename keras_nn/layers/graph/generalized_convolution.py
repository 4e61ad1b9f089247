import keras
from keras import ops

from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.edge_width import edge_width
from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.message_normalization import MessageNormalization
from keras_nn.layers.graph.node_batch_normalization import (
    NodeBatchNormalization,
)
from keras_nn.layers.graph.softmax_aggregation import SoftmaxAggregation


@keras.saving.register_keras_serializable(package="keras_nn")
class GeneralizedConvolution(GraphProjection):
    """Positive messages, gathered by a softmax, for deep networks (GENConv).

    `y[t] = MLP(x[t] + norm(aggregate over (s, t) of relu(x[s] + e[s, t]) +
    1e-7))`, `x` and `e` mapped to `units` features; the MLP has one hidden
    layer, twice as wide, batch-normalised

    Args:
        units: int. Features of a node that come out.
        aggregator: as of `MessagePassing`, one. Defaults to a
            `SoftmaxAggregation` whose temperature is learnt.
        use_edge_features: bool. Whether messages hold features of edges.
            Defaults to False.
        normalize_messages: bool. Whether messages are made as long as what
            the node is, see `MessageNormalization`. Defaults to False.
        normalize_hidden: bool. Whether the hidden layer is batch-normalised,
            padding left out. Defaults to True.
        **kwargs: `activation`, `use_bias` (of the MLP), `kernel_initializer`,
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
    >>> tuple(GeneralizedConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739)
    """

    def __init__(
        self,
        units,
        aggregator=None,
        use_edge_features=False,
        normalize_messages=False,
        normalize_hidden=True,
        **kwargs,
    ):
        if aggregator is None:
            aggregator = SoftmaxAggregation(
                learn=True, dtype=kwargs.get("dtype"), name="aggregation"
            )
        super().__init__(units, aggregator=aggregator, **kwargs)
        self.use_edge_features = use_edge_features
        self.normalize_messages = normalize_messages
        self.normalize_hidden = normalize_hidden

    def build(self, input_shape):
        build_aggregator(self.aggregator, self.units)
        shape = (None, self.units)
        features = input_shape["node_features"][-1]
        self.source = self.own = self.edges = None
        if features != self.units:
            self.source = self.dense(self.units, "source", use_bias=False)
            self.source.build((None, features))
            self.own = self.dense(self.units, "own", use_bias=False)
            self.own.build((None, features))
        width = edge_width(input_shape, self.use_edge_features)
        if width and width != self.units:
            self.edges = self.dense(self.units, "edges", use_bias=False)
            self.edges.build((None, width))
        self.message_norm = self.hidden_norm = None
        if self.normalize_messages:
            self.message_norm = MessageNormalization(
                learn_scale=True, dtype=self.dtype_policy, name="message_norm"
            )
            self.message_norm.build({"messages": shape})
        self.hidden = self.dense(
            2 * self.units, "hidden", use_bias=self.use_bias
        )
        self.hidden.build(shape)
        if self.normalize_hidden:
            self.hidden_norm = NodeBatchNormalization(
                dtype=self.dtype_policy, name="hidden_norm"
            )
            self.hidden_norm.build({"node_features": (None, 2 * self.units)})
        self.output_layer = self.dense(
            self.units, "output", self.activation, self.use_bias
        )
        self.output_layer.build((None, 2 * self.units))

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        sent = nodes if self.source is None else self.source(nodes)
        own = nodes if self.own is None else self.own(nodes)
        messages = graph.of_source(sent)
        if self.use_edge_features:
            edges = graph.edge_features
            messages = messages + (
                edges if self.edges is None else self.edges(edges)
            )
        messages = ops.relu(messages) + 1e-7
        received = self.aggregate(graph, messages)
        if self.message_norm is not None:
            received = self.message_norm(
                {"node_features": nodes, "messages": received}
            )
        hidden = self.hidden(own + received)
        if self.hidden_norm is not None:
            hidden = self.hidden_norm.of_nodes(graph, hidden, training)
        return graph.unflat(self.output_layer(ops.relu(hidden)))

    def get_config(self):
        return {
            **super().get_config(),
            "use_edge_features": self.use_edge_features,
            "normalize_messages": self.normalize_messages,
            "normalize_hidden": self.normalize_hidden,
        }
