import math

import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class InitialResidualConvolution(GraphProjection):
    """A graph convolution that stays good in deep networks (GCNII).

    `Y = activation(((1 - beta) I + beta W) ((1 - alpha) P X + alpha X_0))`
    with `P = D^(-1/2) (A + I) D^(-1/2)` and
    `beta = log(theta / depth + 1)`

    Args:
        units: int. Features of a node, those of `node_features`.
        alpha: float. Share of the initial features. Defaults to 0.1.
        theta: float. How much the kernel counts. Defaults to 0.5.
        depth: int. The place of this layer in its network, from 1 on: deeper
            layers are nearer to the identity. Defaults to 1.
        use_bias: bool. Defaults to False.
        **kwargs: `activation`, `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`, and `initial_features` of the shape
            of `node_features`: what the first of these layers was given.
            `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `depth` is not positive, or `units` is not
            the number of features.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "initial_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(InitialResidualConvolution(2, depth=4)(graph).shape)
    (1, 3, 2)

    Reference:
        [Chen et al., 2020](https://arxiv.org/abs/2007.02133)
    """

    def __init__(
        self, units, alpha=0.1, theta=0.5, depth=1, use_bias=False, **kwargs
    ):
        super().__init__(units, use_bias=use_bias, **kwargs)
        if depth < 1:
            raise ValueError(f"`depth` must be positive. Received: {depth=}")
        self.alpha = alpha
        self.theta = theta
        self.depth = depth

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        if features != self.units:
            raise ValueError(
                "`units` must be the number of features, since the layer adds "
                f"to them. Received: units={self.units}, {features} features"
            )
        self.kernel = self.add_kernel("kernel", self.units, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        graph = symmetric_weights(FlatGraph.of(inputs))
        initial = ops.reshape(inputs["initial_features"], (-1, self.units))
        nodes = self.propagate(graph, graph.nodes)
        nodes = (1 - self.alpha) * nodes + self.alpha * initial
        beta = math.log(self.theta / self.depth + 1)
        nodes = (1 - beta) * nodes + beta * ops.matmul(nodes, self.kernel)
        return graph.unflat(self.finish(nodes))

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "theta": self.theta,
            "depth": self.depth,
        }
