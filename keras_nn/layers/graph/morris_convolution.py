import keras
from keras import ops

from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class MorrisConvolution(GraphProjection):
    """A kernel for what a node is, one for what its neighbours sum to.

    `y[t] = activation(x[t] V + (aggregate over (s, t) of w[s, t] x[s]) W + b)`

    Args:
        units: int. Features of a node that come out.
        aggregator: as of `MessagePassing`. Defaults to `"sum"`.
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
    >>> tuple(MorrisConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Morris et al., 2019](https://arxiv.org/abs/1810.02244) (`GraphConv`)
    """

    def __init__(self, units, aggregator="sum", **kwargs):
        super().__init__(units, aggregator=aggregator, **kwargs)

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        build_aggregator(self.aggregator, features)
        ways = aggregation_ways(self.aggregator)
        self.kernel = self.add_kernel("kernel", ways * features, self.units)
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def update(self, graph, nodes, received):
        y = ops.matmul(received, self.kernel)
        return self.finish(y + ops.matmul(nodes, self.own_kernel))
