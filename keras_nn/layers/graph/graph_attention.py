import keras
from keras import ops

from keras_nn.layers.graph.attention_heads import AttentionHeads


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphAttention(AttentionHeads):
    """Nodes attend to their neighbours (GAT).

    `y[t] = sum over (s, t) of softmax(leaky_relu(a . x[s] W + b . x[t] W))
    x[s] W`, in every head, self-loops included

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
    >>> tuple(GraphAttention(4, heads=2)(graph).shape)
    (1, 3, 8)

    Reference:
        [Velickovic et al., 2018](https://arxiv.org/abs/1710.10903)
    """

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        width = self.heads * self.units
        self.kernel = self.add_kernel("kernel", features, width)
        self.source_attention = self.add_kernel(
            "source_attention", self.heads, self.units
        )
        self.target_attention = self.add_kernel(
            "target_attention", self.heads, self.units
        )
        self.bias = self.add_bias(self.output_features)

    def attend(self, graph, training):
        nodes = self.split(ops.matmul(graph.nodes, self.kernel))
        # A score of a pair is a sum of scores of nodes: cheap to gather.
        of_source = ops.sum(nodes * self.source_attention, axis=-1)
        of_target = ops.sum(nodes * self.target_attention, axis=-1)
        scores = graph.of_source(of_source) + graph.of_target(of_target)
        scores = ops.leaky_relu(scores, self.negative_slope)
        attention = self.softmax(graph, scores, training)
        return attention * graph.of_source(nodes)
