import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class EdgeConvolution(GraphProjection):
    """An MLP of every pair of neighbours, the strongest answer wins.

    `y[t] = max over (s, t) of MLP([x[t], x[s] - x[t]])`; 0 for a node that
    nothing leads to. The MLP has one hidden layer.

    Args:
        units: int. Features of a node that come out.
        hidden_units: int or None. Width of the hidden layer. Defaults to
            `units`.
        hidden_activation: str or callable. Of the hidden layer. Defaults to
            `"relu"`.
        aggregator: as of `MessagePassing`. Defaults to `"max"`.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive, or there are several
            aggregators.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(EdgeConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Wang et al., 2019](https://arxiv.org/abs/1801.07829)
    """

    def __init__(
        self,
        units,
        hidden_units=None,
        hidden_activation="relu",
        aggregator="max",
        **kwargs,
    ):
        if not isinstance(aggregator, str):
            raise ValueError(
                f"`aggregator` must be one name. Received: {aggregator=}"
            )
        super().__init__(units, aggregator=aggregator, **kwargs)
        self.hidden_units = hidden_units
        self.hidden_activation = keras.activations.get(hidden_activation)
        self.hidden = self.dense(
            hidden_units or units, "hidden", hidden_activation, self.use_bias
        )
        self.output_layer = self.dense(
            units, "output", activation=self.activation, use_bias=self.use_bias
        )

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.hidden.build((None, 2 * features))
        self.output_layer.build((None, self.hidden.units))

    def message(self, graph, nodes):
        own = graph.of_target(nodes)
        pairs = ops.concatenate([own, graph.of_source(nodes) - own], axis=-1)
        return self.output_layer(self.hidden(pairs))

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_units": self.hidden_units,
            "hidden_activation": keras.activations.serialize(
                self.hidden_activation
            ),
        }
