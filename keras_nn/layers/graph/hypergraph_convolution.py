import dataclasses

import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_count
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class HypergraphConvolution(GraphProjection):
    """Nodes of a hyperedge, which joins any number of them, share features.

    `Y = activation(D^(-1) H B^(-1) H^T X W + b)`, where `H` says which node is
    in which hyperedge, `B` how many nodes a hyperedge has, and `D` the sum of
    the weights of a node's hyperedges

    A hyperedge is a node, too, to which an edge leads from each of its
    members: see `keras_nn.data.graphs.hypergraph`. What comes out at
    hyperedges is the mean of their members.

    Args:
        units: int. Features of a node that come out.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; edges are `(member, hyperedge)`,
            and `edge_weights` the weights of their hyperedges.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> graph = {  # nodes 0, 1, 2 in hyperedge 3
    ...     "node_features": ops.array([[1.0], [2.0], [6.0], [0.0]]),
    ...     "edge_index": ops.array([[0, 3], [1, 3], [2, 3]]),
    ... }
    >>> layer = HypergraphConvolution(1, kernel_initializer="ones")
    >>> print(ops.convert_to_numpy(layer(graph))[:, 0])
    [3. 3. 3. 3.]

    Reference:
        [Bai et al., 2021](https://arxiv.org/abs/1901.08150)
    """

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_kernel("kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes = ops.matmul(graph.nodes, self.kernel)
        nowhere = ops.cast(graph.num_nodes, graph.source.dtype)
        known = graph.target < graph.num_nodes
        back = dataclasses.replace(
            graph,
            source=graph.target,
            target=ops.where(known, graph.source, nowhere),
        )
        members = segment_count(graph.target, graph.num_nodes)
        weights = back.weights("float32")
        degree = segment_sum(weights, back.target, graph.num_nodes)
        hyperedges = self._gathered(graph, nodes, members)
        y = self._gathered(back, hyperedges, degree)
        y = ops.where(ops.expand_dims(members > 0, -1), hyperedges, y)
        return graph.unflat(self.finish(y))

    def _gathered(self, graph, nodes, degree):
        """Sums over edges divided by degrees, 0 where there are none."""
        received = segment_sum(
            graph.of_source(nodes), graph.target, graph.num_nodes
        )
        some = degree > 0
        scale = 1 / ops.where(some, degree, ops.ones_like(degree))
        scale = ops.where(some, scale, ops.zeros_like(scale))
        return received * ops.expand_dims(ops.cast(scale, nodes.dtype), -1)
