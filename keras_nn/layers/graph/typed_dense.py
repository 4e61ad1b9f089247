import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.known_types import check_types


@keras.saving.register_keras_serializable(package="keras_nn")
class TypedDense(GraphProjection):
    """A dense layer of its own for every type of node.

    `y[n] = activation(x[n] W_type(n) + b_type(n))`; 0 for a node whose type
    is outside of `0 .. num_types - 1`

    Args:
        units: int. Features of a node that come out.
        num_types: int. Types of nodes.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict of `node_features` and `node_types`; see
            `keras_nn.data.graphs.join_types`.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `num_types` is not positive, or nodes have
            no types.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "node_types": ops.array([[0, 0, 1]]),
    ...     "edge_index": ops.array([[[0, 2], [2, 1]]]),
    ...     "edge_types": ops.array([[0, 1]]),
    ... }
    >>> tuple(TypedDense(4, num_types=2)(graph).shape)
    (1, 3, 4)

    Reference:
        [Hu et al., 2020](https://arxiv.org/abs/2003.01332)
    """

    def __init__(self, units, num_types, **kwargs):
        super().__init__(units, **kwargs)
        if num_types < 1:
            raise ValueError(
                f"`num_types` must be positive. Received: {num_types=}"
            )
        self.num_types = num_types

    def build(self, input_shape):
        check_types(input_shape, "node_types")
        features = input_shape["node_features"][-1]
        self.kernels = self.add_kernels(
            "kernel", self.num_types, features, self.units
        )
        self.bias = self.add_bias(self.num_types, self.units)

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        return graph.unflat(self.of_nodes(graph, graph.nodes))

    def of_nodes(self, graph, nodes):
        """`(num_nodes, features)` of a flat graph to `(num_nodes, units)`."""
        # A product for every type is faster than a kernel for every node.
        y = 0.0
        for index in range(self.num_types):
            part = ops.matmul(nodes, self.kernels[index])
            if self.use_bias:
                part = ops.add(part, self.bias[index])
            chosen = ops.expand_dims(graph.node_types == index, -1)
            y = y + ops.where(chosen, self.activation(part), 0.0)
        return ops.cast(y, nodes.dtype)

    def get_config(self):
        return {**super().get_config(), "num_types": self.num_types}
