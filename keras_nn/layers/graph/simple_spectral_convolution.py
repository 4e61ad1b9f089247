import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class SimpleSpectralConvolution(GraphProjection):
    """The mean over numbers of steps, then one kernel (SSGC).

    `Y = activation((alpha X + (1 - alpha) / steps * sum over k of P^k X) W +
    b)`, `k = 1 .. steps`, with `P = D^(-1/2) (A + I) D^(-1/2)`

    Args:
        units: int. Features of a node that come out.
        steps: int. Steps along edges. Defaults to 4.
        alpha: float. Share of a node's own features. Defaults to 0.1.
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
    >>> tuple(SimpleSpectralConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Zhu and Koniusz, 2021](https://openreview.net/forum?id=CYO5T-YjWZV)
    """

    def __init__(self, units, steps=4, alpha=0.1, **kwargs):
        super().__init__(units, **kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps
        self.alpha = alpha

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_kernel("kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = symmetric_weights(FlatGraph.of(inputs))
        nodes = graph.nodes
        y = self.alpha * nodes
        for _ in range(self.steps):
            nodes = self.propagate(graph, nodes)
            y = y + (1 - self.alpha) / self.steps * nodes
        return graph.unflat(self.finish(ops.matmul(y, self.kernel)))

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
            "alpha": self.alpha,
        }
