import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class FrequencyAdaptiveConvolution(GraphProjection):
    """Neighbours draw a node near, or push it away (FAGCN).

    `y[t] = activation(epsilon x_0[t] + sum over (s, t) of
    tanh(x[s] . a + x[t] . b) P[t, s] x[s])`, with
    `P = D^(-1/2) (A + I) D^(-1/2)`

    Args:
        units: int. Features of a node, those of `node_features`.
        epsilon: float. Share of the initial features. Defaults to 0.1.
        **kwargs: `activation`, `kernel_initializer`, `kernel_regularizer` as
            of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`, and `initial_features` of the shape
            of `node_features`: what the first of these layers was given.
            `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not the number of features.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "initial_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(FrequencyAdaptiveConvolution(2)(graph).shape)
    (1, 3, 2)

    Reference:
        [Bo et al., 2021](https://arxiv.org/abs/2101.00797)
    """

    def __init__(self, units, epsilon=0.1, **kwargs):
        super().__init__(units, **kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        if features != self.units:
            raise ValueError(
                "`units` must be the number of features, since the layer adds "
                f"to them. Received: units={self.units}, {features} features"
            )
        self.source = self.dense(1, "source", use_bias=False)
        self.source.build((None, features))
        self.target = self.dense(1, "target", use_bias=False)
        self.target.build((None, features))

    def call(self, inputs):
        graph = symmetric_weights(FlatGraph.of(inputs))
        initial = ops.reshape(inputs["initial_features"], (-1, self.units))
        y = self.propagate(graph, graph.nodes) + self.epsilon * initial
        return graph.unflat(self.activation(y))

    def message(self, graph, nodes):
        sign = graph.of_source(self.source(nodes))
        sign = ops.tanh(sign + graph.of_target(self.target(nodes)))
        return graph.weighted(sign * graph.of_source(nodes))

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
