import dataclasses

import keras
from keras import ops

from keras_nn.layers.graph.edge_convolution import EdgeConvolution
from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.nearest_nodes import nearest_nodes


@keras.saving.register_keras_serializable(package="keras_nn")
class DynamicEdgeConvolution(EdgeConvolution):
    """`EdgeConvolution` along edges from the nearest nodes (DGCNN).

    `y[t] = max over the neighbours s nearest to t of MLP([x[t], x[s] - x[t]])`:
    nodes of the same graph whose features are near, the node itself among
    them

    Args:
        units: int. Features of a node that come out.
        neighbors: int. Nearest nodes that are looked at; all where a graph
            has fewer. Defaults to 20.
        **kwargs: as of `EdgeConvolution`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`; edges are not used. Memory
            grows with the square of the nodes of a pack.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `neighbors` is not positive.

    Example:

    >>> graph = {"node_features": ops.ones((1, 5, 2))}
    >>> tuple(DynamicEdgeConvolution(4, neighbors=3)(graph).shape)
    (1, 5, 4)

    Reference:
        [Wang et al., 2019](https://arxiv.org/abs/1801.07829)
    """

    def __init__(self, units, neighbors=20, **kwargs):
        super().__init__(units, **kwargs)
        if neighbors < 1:
            raise ValueError(
                f"`neighbors` must be positive. Received: {neighbors=}"
            )
        self.neighbors = neighbors

    def call(self, inputs):
        features = inputs["node_features"]
        nowhere = ops.zeros((*ops.shape(features)[:-2], 0, 2), dtype="int32")
        graph = FlatGraph.of({"edge_index": nowhere, **inputs})
        edges = nearest_nodes(graph, graph.nodes, self.neighbors)
        graph = dataclasses.replace(
            graph, source=edges[:, 0], target=edges[:, 1]
        )
        return graph.unflat(self.propagate(graph, graph.nodes))

    def get_config(self):
        return {**super().get_config(), "neighbors": self.neighbors}
