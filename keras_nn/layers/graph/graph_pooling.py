import keras

from keras_nn.layers.graph.aggregation import aggregate_rows
from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.aggregation import get_aggregator
from keras_nn.layers.graph.aggregation import serialize_aggregator
from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphPooling(keras.layers.Layer):
    """One vector a graph: the sum, mean or maximum over its nodes.

    `y[g] = aggregate over nodes n of g of x[n]`; 0 for a graph without nodes,
    which padding is

    Args:
        aggregator: as of `MessagePassing`. Defaults to `"mean"`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A float tensor of shape `(packs, graphs, features)`; without
        `graph_ids` a pack is one graph.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[[1.0], [3.0], [9.0]]]),
    ...     "edge_index": ops.array([[[0, 1]]]),
    ...     "graph_ids": ops.array([[0, 0, -1]]),
    ...     "graph_mask": ops.array([[True, False]]),
    ... }
    >>> print(ops.convert_to_numpy(GraphPooling()(graph))[0, :, 0])
    [2. 0.]
    """

    def __init__(self, aggregator="mean", **kwargs):
        super().__init__(**kwargs)
        self.aggregator = get_aggregator(aggregator)

    def build(self, input_shape):
        build_aggregator(self.aggregator, input_shape["node_features"][-1])

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        y = aggregate_rows(graph.nodes, ids, count, self.aggregator)
        return graph.unflat_graphs(y)

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        ways = aggregation_ways(self.aggregator)
        count = input_shape.get("graph_mask", (1,))[-1]
        return (*packs, count, ways * features)

    def get_config(self):
        return {
            **super().get_config(),
            "aggregator": serialize_aggregator(self.aggregator),
        }
