import keras
from keras import ops

from keras_nn.layers.graph.graph_convolution import GraphConvolution
from keras_nn.layers.graph.node_selection import NodeSelection


@keras.saving.register_keras_serializable(package="keras_nn")
class SelfAttentionPooling(NodeSelection):
    """Keeps the nodes of every graph that their neighbourhood asks for (SAG).

    `y[n] = tanh(GCN(X)[n]) x[n]` for the `ceil(ratio * nodes)` best of a
    graph; the others become padding, and so do their edges: shapes stay as
    they are

    Args:
        ratio: float. Share of the nodes of a graph that is kept. Defaults to
            0.5.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`; `edge_weights` are used.

    Returns:
        A dict of what changes: `node_features`, `edge_index`, `node_mask`, and
        `graph_ids` where there are some. The smaller graph is `{**graph,
        **pooling(graph)}`.

    Raises:
        ValueError: if `ratio` is not in `(0, 1]`.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> y = SelfAttentionPooling(0.3)(graph)
    >>> int(ops.sum(ops.cast(y["node_mask"], "int32")))
    1

    Reference:
        [Lee et al., 2019](https://arxiv.org/abs/1904.08082)
    """

    def __init__(self, ratio=0.5, **kwargs):
        super().__init__(ratio, **kwargs)
        self.attention = GraphConvolution(
            1, dtype=self.dtype_policy, name="attention"
        )

    def build(self, input_shape):
        self.attention.build(input_shape)

    def scores(self, inputs, graph):
        return ops.reshape(self.attention(inputs), (-1,))
