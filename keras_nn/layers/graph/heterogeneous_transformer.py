import math

import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.known_types import check_types
from keras_nn.layers.graph.typed_dense import TypedDense
from keras_nn.ops import segment_softmax
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class HeterogeneousTransformer(GraphProjection):
    """Attention between nodes of several types along edges of several (HGT).

    `a = softmax over (s, t) of p_r q[t] . (k[s] A_r) / sqrt(units / heads)`,
    `r` the type of the edge, `y[t] = O(gelu(sum of a v[s] M_r))`; where `units`
    is the number of features, `y = g y + (1 - g) x` with `g = sigmoid(skip)`.
    Queries, keys, values, `O` and `skip` are those of a node's type.

    Args:
        units: int. Features of a node that come out, all heads together.
        node_types: int. Types of nodes.
        edge_types: int. Types of edges; those outside of `0 .. edge_types -
            1` send nothing.
        heads: int. Heads that attend on their own. Defaults to 1.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `node_types` and `edge_types` are
            needed, see `keras_nn.data.graphs.join_types`. Weights of edges
            are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if a number is not positive, `heads` does not divide
            `units`, or nodes or edges have no types.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "node_types": ops.array([[0, 0, 1]]),
    ...     "edge_index": ops.array([[[0, 2], [2, 1]]]),
    ...     "edge_types": ops.array([[0, 1]]),
    ... }
    >>> layer = HeterogeneousTransformer(4, node_types=2, edge_types=2, heads=2)
    >>> tuple(layer(graph).shape)
    (1, 3, 4)

    Reference:
        [Hu et al., 2020](https://arxiv.org/abs/2003.01332)
    """

    def __init__(self, units, node_types, edge_types, heads=1, **kwargs):
        super().__init__(units, **kwargs)
        if min(node_types, edge_types, heads) < 1 or units % heads:
            raise ValueError(
                "`node_types`, `edge_types` and `heads` must be positive, and "
                f"`heads` must divide `units`. Received: {units=}, "
                f"{node_types=}, {edge_types=}, {heads=}"
            )
        self.node_types = node_types
        self.edge_types = edge_types
        self.heads = heads
        self.projection = self._typed(3 * units, "projection")
        self.mixing = self._typed(units, "mixing")

    def _typed(self, units, name):
        initializer = self.kernel_initializer
        return TypedDense(
            units,
            self.node_types,
            use_bias=self.use_bias,
            kernel_initializer=initializer.clone()
            if hasattr(initializer, "clone")
            else initializer,
            bias_initializer=self.bias_initializer,
            kernel_regularizer=self.kernel_regularizer,
            dtype=self.dtype_policy,
            name=name,
        )

    def build(self, input_shape):
        check_types(input_shape, "edge_types")
        check_types(input_shape, "node_types")
        width = self.units // self.heads
        shape = (self.edge_types, self.heads, width, width)
        self.key_kernels = self.add_kernels("key_kernel", *shape)
        self.value_kernels = self.add_kernels("value_kernel", *shape)
        self.priors = self.add_weight(
            name="prior",
            shape=(self.edge_types, self.heads),
            initializer="ones",
        )
        if input_shape["node_features"][-1] == self.units:
            self.skips = self.add_weight(
                name="skip", shape=(self.node_types,), initializer="ones"
            )
        self.projection.build(input_shape)
        shape = (None, self.units)
        self.mixing.build({**input_shape, "node_features": shape})

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        shape = (-1, self.heads, self.units // self.heads)
        key, query, value = (
            ops.reshape(part, shape)
            for part in ops.split(
                self.projection.of_nodes(graph, graph.nodes), 3, axis=-1
            )
        )
        types = ops.cast(graph.edge_types, graph.source.dtype)
        known = ops.logical_and(types >= 0, types < self.edge_types)
        nowhere = ops.cast(graph.num_nodes, graph.target.dtype)
        target = ops.where(known, graph.target, nowhere)
        place = graph.source * self.edge_types + types

        def sent(nodes, kernels):
            nodes = ops.einsum("nhd,rhde->nrhe", nodes, kernels)
            return take_rows(ops.reshape(nodes, shape), place)

        scores = graph.of_target(query) * sent(key, self.key_kernels)
        scores = ops.sum(scores, axis=-1) * take_rows(self.priors, types)
        scores = scores / math.sqrt(self.units // self.heads)
        attention = segment_softmax(scores, target, graph.num_nodes)
        messages = sent(value, self.value_kernels)
        messages = messages * ops.expand_dims(attention, -1)
        received = ops.reshape(
            self.aggregate(graph, messages), (-1, self.units)
        )
        y = ops.gelu(received, approximate=False)
        y = self.mixing.of_nodes(graph, y)
        if graph.nodes.shape[-1] == self.units:
            share = ops.sigmoid(take_rows(self.skips, graph.node_types))
            share = ops.expand_dims(ops.cast(share, y.dtype), -1)
            y = share * y + (1 - share) * graph.nodes
        return graph.unflat(self.activation(y))

    def get_config(self):
        return {
            **super().get_config(),
            "node_types": self.node_types,
            "edge_types": self.edge_types,
            "heads": self.heads,
        }
