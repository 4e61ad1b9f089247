import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class SimplifiedGraphConvolution(GraphProjection):
    """Several rounds of averaging and one projection (SGC).

    `Y = activation((D^(-1/2) (A + I) D^(-1/2))^steps X W + b)`

    Args:
        units: int. Features of a node that come out.
        steps: int. Rounds of averaging. Defaults to 2.
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
    >>> tuple(SimplifiedGraphConvolution(4, steps=3)(graph).shape)
    (1, 3, 4)

    Reference:
        [Wu et al., 2019](https://arxiv.org/abs/1902.07153)
    """

    def __init__(self, units, steps=2, **kwargs):
        super().__init__(units, **kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_kernel("kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = symmetric_weights(FlatGraph.of(inputs))
        # Averaging and projecting commute; few features are sent faster.
        nodes = ops.matmul(graph.nodes, self.kernel)
        for _ in range(self.steps):
            nodes = self.propagate(graph, nodes)
        return graph.unflat(self.finish(nodes))

    def get_config(self):
        return {**super().get_config(), "steps": self.steps}
