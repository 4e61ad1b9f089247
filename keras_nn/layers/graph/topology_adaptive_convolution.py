import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class TopologyAdaptiveConvolution(GraphProjection):
    """A kernel for every number of steps along edges (TAGCN).

    `Y = activation(sum over k of P^k X W_k + b)`, `k = 0 .. steps`, with
    `P = D^(-1/2) A D^(-1/2)`, without self-loops

    Args:
        units: int. Features of a node that come out.
        steps: int. Steps along edges. Defaults to 3.
        normalize: bool. Whether `P` is `A` normalised by degrees, or `A`.
            Defaults to True.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `steps` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(TopologyAdaptiveConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Du et al., 2017](https://arxiv.org/abs/1710.10370)
    """

    def __init__(self, units, steps=3, normalize=True, **kwargs):
        super().__init__(units, **kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps
        self.normalize = normalize

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernels = self.add_kernels(
            "kernel", self.steps + 1, features, self.units
        )
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        if self.normalize:
            graph = symmetric_weights(graph, self_loops=False)
        nodes = graph.nodes
        y = ops.matmul(nodes, self.kernels[0])
        for step in range(self.steps):
            nodes = self.propagate(graph, nodes)
            y = y + ops.matmul(nodes, self.kernels[step + 1])
        return graph.unflat(self.finish(y))

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
            "normalize": self.normalize,
        }
