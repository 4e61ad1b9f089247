import dataclasses

import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class ChebyshevConvolution(GraphProjection):
    """A spectral filter: a polynomial of the graph's Laplacian (ChebNet).

    `Y = activation(sum over k < order of T_k(L) X W_k + b)` with
    `L = 2 (I - D^(-1/2) A D^(-1/2)) / largest_eigenvalue - I`,
    `T_0 X = X`, `T_1 X = L X`, `T_k X = 2 L T_(k-1) X - T_(k-2) X`

    Args:
        units: int. Features of a node that come out.
        order: int. Number of terms; a node sees `order - 1` steps far.
            Defaults to 3.
        largest_eigenvalue: float. A bound of the eigenvalues. Defaults to 2,
            which holds for every undirected graph.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used, self-loops
            are not.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `order` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(ChebyshevConvolution(4, order=2)(graph).shape)
    (1, 3, 4)

    Reference:
        [Defferrard et al., 2016](https://arxiv.org/abs/1606.09375)
    """

    def __init__(self, units, order=3, largest_eigenvalue=2.0, **kwargs):
        super().__init__(units, **kwargs)
        if order < 1:
            raise ValueError(f"`order` must be positive. Received: {order=}")
        self.order = order
        self.largest_eigenvalue = largest_eigenvalue

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernels = [
            self.add_kernel(f"kernel_{index}", features, self.units)
            for index in range(self.order)
        ]
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = self._scaled(FlatGraph.of(inputs))
        before, term = None, graph.nodes
        y = ops.matmul(term, self.kernels[0])
        for kernel in self.kernels[1:]:
            following = self._laplacian(graph, term)
            if before is not None:
                following = 2 * following - before
            before, term = term, following
            y = y + ops.matmul(term, kernel)
        return graph.unflat(self.finish(y))

    def _laplacian(self, graph, nodes):
        diagonal = 2.0 / self.largest_eigenvalue - 1.0
        return self.propagate(graph, nodes) + diagonal * nodes

    def _scaled(self, graph):
        weights = graph.weights("float32")
        is_loop = ops.equal(graph.source, graph.target)
        weights = ops.where(is_loop, ops.zeros_like(weights), weights)
        # The Laplacian counts what leaves a node, not what arrives.
        degree = segment_sum(weights, graph.source, graph.num_nodes)
        positive = degree > 0
        inverse = ops.rsqrt(ops.where(positive, degree, ops.ones_like(degree)))
        inverse = ops.where(positive, inverse, ops.zeros_like(inverse))
        weights = weights * graph.of_source(inverse) * graph.of_target(inverse)
        weights = -2.0 / self.largest_eigenvalue * weights
        return dataclasses.replace(
            graph, edge_weights=ops.cast(weights, graph.nodes.dtype)
        )

    def get_config(self):
        return {
            **super().get_config(),
            "order": self.order,
            "largest_eigenvalue": self.largest_eigenvalue,
        }
