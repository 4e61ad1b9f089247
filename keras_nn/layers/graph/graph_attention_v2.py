import keras
from keras import ops

from keras_nn.layers.graph.attention_heads import AttentionHeads


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphAttentionV2(AttentionHeads):
    """Attention whose ranking of neighbours depends on who attends (GATv2).

    `y[t] = sum over (s, t) of softmax(a . leaky_relu(x[s] W + x[t] V)) x[s] W`,
    in every head, self-loops included

    Args:
        units: int. Features of a head.
        heads: int. Heads that attend on their own. Defaults to 1.
        concatenate: bool. Whether the heads are joined, or else averaged.
            Defaults to True.
        attention_dropout: float. Share of attention to drop in training.
            Defaults to 0.
        negative_slope: float. Of the leaky ReLU. Defaults to 0.2.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used; a
            node attends to itself once.

    Returns:
        A float tensor of shape `(packs, nodes, heads * units)`, or
        `(packs, nodes, units)` where heads are averaged.

    Raises:
        ValueError: if `units` or `heads` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(GraphAttentionV2(4, heads=2)(graph).shape)
    (1, 3, 8)

    Reference:
        [Brody et al., 2022](https://arxiv.org/abs/2105.14491)
    """

    def build(self, input_shape):
        width = self.heads * self.units
        self.source = self.dense(width, "source", use_bias=self.use_bias)
        self.target = self.dense(width, "target", use_bias=self.use_bias)
        features = input_shape["node_features"][-1]
        self.source.build((None, features))
        self.target.build((None, features))
        self.attention = self.add_kernel("attention", self.heads, self.units)
        self.bias = self.add_bias(self.output_features)

    def attend(self, graph, training):
        sent = graph.of_source(self.split(self.source(graph.nodes)))
        wanted = graph.of_target(self.split(self.target(graph.nodes)))
        pairs = ops.leaky_relu(sent + wanted, self.negative_slope)
        scores = ops.sum(pairs * self.attention, axis=-1)
        return self.softmax(graph, scores, training) * sent
