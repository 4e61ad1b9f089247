import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class MixHopConvolution(GraphProjection):
    """Neighbours at several distances side by side (MixHop).

    `Y = activation([P^k X W_k for every power k] + b)`, with
    `P = D^(-1/2) (A + I) D^(-1/2)`

    Args:
        units: int. Features of a node that come out for every power.
        powers: list of int, not negative. Defaults to `(0, 1, 2)`.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, powers * units)`.

    Raises:
        ValueError: if `units` is not positive, or a power negative.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(MixHopConvolution(4)(graph).shape)
    (1, 3, 12)

    Reference:
        [Abu-El-Haija et al., 2019](https://arxiv.org/abs/1905.00067)
    """

    def __init__(self, units, powers=(0, 1, 2), **kwargs):
        super().__init__(units, **kwargs)
        if not len(powers) or min(powers) < 0:
            raise ValueError(
                f"`powers` must not be negative. Received: {powers=}"
            )
        self.powers = list(powers)

    @property
    def output_features(self):
        return len(self.powers) * self.units

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernels = self.add_kernels(
            "kernel", len(self.powers), features, self.units
        )
        self.bias = self.add_bias(self.output_features)

    def call(self, inputs):
        graph = symmetric_weights(FlatGraph.of(inputs))
        nodes = [graph.nodes]
        for _ in range(max(self.powers)):
            nodes.append(self.propagate(graph, nodes[-1]))
        parts = [
            ops.matmul(nodes[power], self.kernels[index])
            for index, power in enumerate(self.powers)
        ]
        return graph.unflat(self.finish(ops.concatenate(parts, axis=-1)))

    def get_config(self):
        return {**super().get_config(), "powers": self.powers}
