import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_softmax


class AttentionHeads(GraphProjection):
    """What operators whose nodes attend to neighbours share. Abstract.

    A subclass defines `attend(graph, training)`: messages of shape
    `(edges, heads, units)`.

    Args:
        units: int. Features of a head.
        heads: int. Heads that attend on their own. Defaults to 1.
        concatenate: bool. Whether the heads are joined, or else averaged.
        attention_dropout: float. Share of attention to drop in training.
        negative_slope: float. Of the leaky ReLU.
        **kwargs: arguments of `GraphProjection`.

    Raises:
        ValueError: if `units` or `heads` is not positive.
    """

    def __init__(
        self,
        units,
        heads=1,
        concatenate=True,
        attention_dropout=0.0,
        negative_slope=0.2,
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        if heads < 1:
            raise ValueError(f"`heads` must be positive. Received: {heads=}")
        self.heads = heads
        self.concatenate = concatenate
        self.attention_dropout = attention_dropout
        self.negative_slope = negative_slope
        self.dropout = keras.layers.Dropout(
            attention_dropout, dtype=self.dtype_policy, name="dropout"
        )

    @property
    def output_features(self):
        return self.units * (self.heads if self.concatenate else 1)

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs).with_self_loops()
        received = self.aggregate(graph, self.attend(graph, training))
        return graph.unflat(self.finish(self.join(received)))

    def split(self, nodes):
        """`(n, heads * units)` to `(n, heads, units)`."""
        return ops.reshape(nodes, (-1, self.heads, self.units))

    def join(self, nodes):
        """`(n, heads, units)` to `(n, output_features)`."""
        if self.concatenate:
            return ops.reshape(nodes, (-1, self.output_features))
        return ops.mean(nodes, axis=1)

    def softmax(self, graph, scores, training):
        """Attention `(edges, heads, 1)` of scores `(edges, heads)`."""
        attention = segment_softmax(scores, graph.target, graph.num_nodes)
        return ops.expand_dims(self.dropout(attention, training=training), -1)

    def get_config(self):
        return {
            **super().get_config(),
            "heads": self.heads,
            "concatenate": self.concatenate,
            "attention_dropout": self.attention_dropout,
            "negative_slope": self.negative_slope,
        }
