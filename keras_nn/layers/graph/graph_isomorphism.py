import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.node_batch_normalization import (
    NodeBatchNormalization,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphIsomorphism(GraphProjection):
    """Tells apart what the Weisfeiler-Lehman test tells apart (GIN, GINE).

    `y[t] = MLP((1 + epsilon) x[t] + sum over (s, t) of x[s])`; with features
    of edges the message is `relu(x[s] + e[s, t] V + c)` instead (GINE). The
    MLP has one hidden layer.

    Args:
        units: int. Features of a node that come out.
        hidden_units: int or None. Width of the hidden layer. Defaults to
            `units`.
        hidden_activation: str or callable. Of the hidden layer. Defaults to
            `"relu"`.
        use_edge_features: bool. Whether messages hold features of edges.
            Defaults to False.
        epsilon: float. Weight of a node's own features, less 1. Defaults to 0.
        train_epsilon: bool. Whether `epsilon` is learned. Defaults to False.
        normalize_hidden: bool. Whether batch normalisation, which leaves
            padding out, comes before the hidden activation. Defaults to
            False.
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
    >>> tuple(GraphIsomorphism(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Xu et al., 2019](https://arxiv.org/abs/1810.00826);
        [Hu et al., 2020](https://arxiv.org/abs/1905.12265) for edges
    """

    def __init__(
        self,
        units,
        hidden_units=None,
        hidden_activation="relu",
        use_edge_features=False,
        epsilon=0.0,
        train_epsilon=False,
        normalize_hidden=False,
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.hidden_units = hidden_units
        self.hidden_activation = keras.activations.get(hidden_activation)
        self.use_edge_features = use_edge_features
        self.epsilon = epsilon
        self.train_epsilon = train_epsilon
        self.normalize_hidden = normalize_hidden
        self.hidden = self.dense(
            hidden_units or units, "hidden", use_bias=self.use_bias
        )
        self.normalization = None
        if normalize_hidden:
            self.normalization = NodeBatchNormalization(
                dtype=self.dtype_policy, name="normalization"
            )
        self.output_layer = self.dense(
            units, "output", activation=self.activation, use_bias=self.use_bias
        )

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.hidden.build((None, features))
        if self.normalization is not None:
            self.normalization.build(
                {"node_features": (None, self.hidden.units)}
            )
        self.output_layer.build((None, self.hidden.units))
        if self.train_epsilon:
            self.epsilon_weight = self.add_weight(
                name="epsilon",
                shape=(),
                initializer=keras.initializers.Constant(self.epsilon),
            )
        if self.use_edge_features:
            if "edge_features" not in input_shape:
                raise ValueError(
                    "`use_edge_features` needs a graph with `edge_features`. "
                    f"Received: keys {sorted(input_shape)}"
                )
            self.edges = self.dense(features, "edges")
            self.edges.build((None, input_shape["edge_features"][-1]))

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        received = self.receive(graph, graph.nodes)
        return graph.unflat(self.update(graph, graph.nodes, received, training))

    def receive(self, graph, nodes):
        if self.use_edge_features or self.aggregator != "sum":
            return super().receive(graph, nodes)
        return graph.send(nodes)

    def message(self, graph, nodes):
        messages = graph.of_source(nodes)
        if self.use_edge_features:
            messages = ops.relu(messages + self.edges(graph.edge_features))
        return messages

    def update(self, graph, nodes, received, training=None):
        epsilon = self.epsilon
        if self.train_epsilon:
            epsilon = ops.cast(self.epsilon_weight, nodes.dtype)
        hidden = self.hidden(nodes + epsilon * nodes + received)
        if self.normalization is not None:
            hidden = self.normalization.of_nodes(graph, hidden, training)
        return self.output_layer(self.hidden_activation(hidden))

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_units": self.hidden_units,
            "hidden_activation": keras.activations.serialize(
                self.hidden_activation
            ),
            "use_edge_features": self.use_edge_features,
            "epsilon": self.epsilon,
            "train_epsilon": self.train_epsilon,
            "normalize_hidden": self.normalize_hidden,
        }
