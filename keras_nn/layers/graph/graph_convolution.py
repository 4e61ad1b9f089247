import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphConvolution(GraphProjection):
    """The graph convolution of Kipf and Welling (GCN).

    `Y = activation(D^(-1/2) (A + I) D^(-1/2) X W + b)`, where `D` holds the
    sums of the rows of `A + I`

    Args:
        units: int. Features of a node that come out.
        normalize: bool. Whether to add self-loops and normalise by degrees.
            Set it to False for edges that carry normalised weights, see
            `keras_nn.data.graphs.normalize_adjacency`. Defaults to True.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(GraphConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Kipf and Welling, 2017](https://arxiv.org/abs/1609.02907)
    """

    def __init__(self, units, normalize=True, **kwargs):
        super().__init__(units, **kwargs)
        self.normalize = normalize

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_kernel("kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        if self.normalize:
            graph = symmetric_weights(graph)
        nodes = ops.matmul(graph.nodes, self.kernel)
        return graph.unflat(self.finish(self.propagate(graph, nodes)))

    def get_config(self):
        return {**super().get_config(), "normalize": self.normalize}
