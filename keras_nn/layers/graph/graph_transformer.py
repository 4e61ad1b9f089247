import math

import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_softmax


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphTransformer(GraphProjection):
    """Dot-product attention along the edges of a graph.

    `y[t] = activation(x[t] R + sum over (s, t) of
    softmax(x[t] Q . x[s] K / sqrt(units)) x[s] V)`, in every head, each
    product with a bias

    Args:
        units: int. Features of a head.
        heads: int. Heads that attend on their own. Defaults to 1.
        attention_dropout: float. Share of attention to drop in training.
            Defaults to 0.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, heads * units)`.

    Raises:
        ValueError: if `units` or `heads` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(GraphTransformer(4, heads=2)(graph).shape)
    (1, 3, 8)

    Reference:
        [Shi et al., 2021](https://arxiv.org/abs/2009.03509)
    """

    def __init__(self, units, heads=1, attention_dropout=0.0, **kwargs):
        super().__init__(units, **kwargs)
        if heads < 1:
            raise ValueError(f"`heads` must be positive. Received: {heads=}")
        self.heads = heads
        self.attention_dropout = attention_dropout
        self.dropout = keras.layers.Dropout(
            attention_dropout, dtype=self.dtype_policy, name="dropout"
        )
        width = heads * units
        self.query, self.key, self.value, self.own = (
            self.dense(width, name, use_bias=self.use_bias)
            for name in ("query", "key", "value", "own")
        )

    @property
    def output_features(self):
        return self.heads * self.units

    def build(self, input_shape):
        shape = (None, input_shape["node_features"][-1])
        for layer in (self.query, self.key, self.value, self.own):
            layer.build(shape)

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        query, key, value = (
            ops.reshape(layer(nodes), (-1, self.heads, self.units))
            for layer in (self.query, self.key, self.value)
        )
        products = graph.of_target(query) * graph.of_source(key)
        scores = ops.sum(products, axis=-1) / math.sqrt(self.units)
        attention = segment_softmax(scores, graph.target, graph.num_nodes)
        attention = self.dropout(attention, training=training)
        messages = ops.expand_dims(attention, -1) * graph.of_source(value)
        received = self.aggregate(graph, messages)
        received = ops.reshape(received, (-1, self.output_features))
        return graph.unflat(self.activation(received + self.own(nodes)))

    def get_config(self):
        return {
            **super().get_config(),
            "heads": self.heads,
            "attention_dropout": self.attention_dropout,
        }
