import keras
from keras import ops

from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphSAGE(GraphProjection):
    """A node joins what it is with a sample of its neighbourhood (GraphSAGE).

    `y[t] = activation(x[t] V + aggregate over (s, t) of x[s] W + b)`

    Args:
        units: int. Features of a node that come out.
        aggregator: as of `MessagePassing`. Defaults to `"mean"`.
        normalize: bool. Whether to scale the sum to length 1 before the
            activation. Defaults to False.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(GraphSAGE(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Hamilton et al., 2017](https://arxiv.org/abs/1706.02216)
    """

    def __init__(self, units, aggregator="mean", normalize=False, **kwargs):
        super().__init__(units, aggregator=aggregator, **kwargs)
        self.normalize = normalize

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        build_aggregator(self.aggregator, features)
        ways = aggregation_ways(self.aggregator)
        self.kernel = self.add_kernel("kernel", ways * features, self.units)
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def message(self, graph, nodes):
        return graph.of_source(nodes)

    def update(self, graph, nodes, received):
        y = ops.matmul(received, self.kernel)
        y = y + ops.matmul(nodes, self.own_kernel)
        if self.use_bias:
            y = ops.add(y, self.bias)
        if self.normalize:
            y = ops.normalize(y, axis=-1)
        return self.activation(y)

    def get_config(self):
        return {**super().get_config(), "normalize": self.normalize}
