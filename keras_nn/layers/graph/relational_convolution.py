import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_mean


@keras.saving.register_keras_serializable(package="keras_nn")
class RelationalConvolution(GraphProjection):
    """A kernel for every type of edge (R-GCN).

    `y[t] = activation(x[t] V + sum over types r of (mean over (s, t) of type r
    of x[s]) W_r + b)`

    Args:
        units: int. Features of a node that come out.
        num_types: int. Types of edges; those outside of `0 .. num_types - 1`
            send nothing.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_types` are needed. Weights
            of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `num_types` is not positive, or edges have
            no types.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ...     "edge_types": ops.array([[0, 1]]),
    ... }
    >>> tuple(RelationalConvolution(4, num_types=2)(graph).shape)
    (1, 3, 4)

    Reference:
        [Schlichtkrull et al., 2018](https://arxiv.org/abs/1703.06103)
    """

    def __init__(self, units, num_types, **kwargs):
        super().__init__(units, **kwargs)
        if num_types < 1:
            raise ValueError(
                f"`num_types` must be positive. Received: {num_types=}"
            )
        self.num_types = num_types

    def build(self, input_shape):
        if "edge_types" not in input_shape:
            raise ValueError(
                "The layer needs a graph with `edge_types`. "
                f"Received: keys {sorted(input_shape)}"
            )
        features = input_shape["node_features"][-1]
        self.kernels = self.add_kernels(
            "kernel", self.num_types, features, self.units
        )
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def aggregate(self, graph, messages):
        # A segment for every pair of target and type.
        types = ops.cast(graph.edge_types, graph.target.dtype)
        known = ops.logical_and(types >= 0, types < self.num_types)
        known = ops.logical_and(known, graph.target < graph.num_nodes)
        pairs = graph.target * self.num_types + types
        pairs = ops.where(known, pairs, -1)
        means = segment_mean(messages, pairs, graph.num_nodes * self.num_types)
        return ops.reshape(means, (-1, self.num_types, messages.shape[-1]))

    def message(self, graph, nodes):
        return graph.of_source(nodes)

    def update(self, graph, nodes, received):
        y = ops.einsum("nrf,rfu->nu", received, self.kernels)
        return self.finish(y + ops.matmul(nodes, self.own_kernel))

    def get_config(self):
        return {**super().get_config(), "num_types": self.num_types}
