import keras

from keras_nn.layers.graph.aggregation import aggregate_rows
from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.aggregation import get_aggregator
from keras_nn.layers.graph.aggregation import serialize_aggregator
from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class MessagePassing(keras.layers.Layer):
    """Nodes send messages along edges, and gather what arrives.

    `y[t] = update(x[t], aggregate over edges (s, t) of message(x[s], x[t]))`

    As it is, the message is the features of the source times the weight of
    the edge, and the aggregate is the result. Operators override some of

    - `message(graph, nodes)`: a tensor `(edges, ...)`;
    - `update(graph, nodes, received)`: a tensor `(nodes, features)`;

    where `graph` gives `source`, `target`, `edge_weights`, `edge_features`,
    `of_source(nodes)` and `of_target(nodes)`, all packs being one graph. An
    edge with an end that is no node, as the padding of packs has, sends
    nothing; with `keras_nn.data.graphs.check_graph` such edges are an error.

    Args:
        aggregator: `"sum"`, `"mean"`, `"max"`, `"min"`, `"std"`, `"var"`,
            `"median"`, `"softmax"`, an `Aggregation` layer, or a list of
            those, whose results are joined; a node that receives nothing
            gets 0. Defaults to `"sum"`.

    Call arguments:
        inputs: dict of tensors: `node_features` of shape `(packs, nodes,
            features)` and `edge_index` of shape `(packs, edges, 2)`, whatever
            else the operator uses, and keys that it does not; see
            `keras_nn.data.graphs.pack`. One graph may come without the axis
            of packs.

    Returns:
        A float tensor of shape `(packs, nodes, features')`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[1.0], [2.0], [4.0]]),
    ...     "edge_index": ops.array([[0, 2], [1, 2], [-1, -1]]),
    ... }
    >>> print(ops.convert_to_numpy(MessagePassing()(graph))[:, 0])
    [0. 0. 3.]

    Reference:
        [Gilmer et al., 2017](https://arxiv.org/abs/1704.01212)
    """

    def __init__(self, aggregator="sum", **kwargs):
        super().__init__(**kwargs)
        self.aggregator = get_aggregator(aggregator)

    def build(self, input_shape):
        build_aggregator(self.aggregator, input_shape["node_features"][-1])

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        return graph.unflat(self.propagate(graph, graph.nodes))

    def propagate(self, graph, nodes):
        """One round of messages: `(nodes, features)` to the same."""
        return self.update(graph, nodes, self.receive(graph, nodes))

    def receive(self, graph, nodes):
        """Message and aggregate: what every node receives.

        Sums of copies are one operation, without a tensor of messages.
        """
        copies = type(self).message is MessagePassing.message
        if not copies or self.aggregator != "sum":
            return self.aggregate(graph, self.message(graph, nodes))
        return graph.send(nodes, graph.edge_weights)

    def message(self, graph, nodes):
        """What every edge carries: `(edges, ...)`."""
        return graph.weighted(graph.of_source(nodes))

    def aggregate(self, graph, messages):
        """What every node receives: `(nodes, ...)`."""
        return aggregate_rows(
            messages, graph.target, graph.num_nodes, self.aggregator
        )

    def update(self, graph, nodes, received):
        """What becomes of a node: `(nodes, features')`."""
        return received

    def compute_output_shape(self, input_shape):
        *packs, features = input_shape["node_features"]
        return (*packs, aggregation_ways(self.aggregator) * features)

    def get_config(self):
        return {
            **super().get_config(),
            "aggregator": serialize_aggregator(self.aggregator),
        }
