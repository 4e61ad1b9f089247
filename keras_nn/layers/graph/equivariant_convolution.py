import keras
from keras import ops

from keras_nn.layers.graph.edge_width import edge_width
from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_mean
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class EquivariantConvolution(GraphProjection):
    """Features and positions that turn as the positions given turn (EGNN).

    `m[s, t] = MLP_e([x[t], x[s], |p[t] - p[s]|^2, e[s, t]])`,
    `p'[t] = p[t] + mean over (s, t) of (p[t] - p[s]) MLP_p(m)`,
    `x'[t] = MLP_x([x[t], sum over (s, t) of m])`

    Args:
        units: int. Features of a node that come out, and of a message.
        hidden_activation: str or callable. Defaults to `"silu"`.
        use_edge_features: bool. Whether messages hold features of edges.
            Defaults to False.
        residual: bool. Whether `x'` is added to `x`, where it has as many
            features. Defaults to True.
        **kwargs: `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `node_positions` of shape `(packs,
            nodes, dimensions)` are needed.

    Returns:
        A dict of `node_features` of shape `(packs, nodes, units)`, which
        turning, mirroring and moving all positions leaves as they are, and
        `node_positions`, which turn, mirror and move as those given.

    Raises:
        ValueError: if `units` is not positive, or nodes have no positions.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "node_positions": ops.array([[[0.0, 0, 0], [1, 0, 0], [0, 2, 0]]]),
    ...     "edge_index": ops.array([[[0, 1], [1, 0], [2, 0]]]),
    ... }
    >>> y = EquivariantConvolution(4)(graph)
    >>> tuple(y["node_features"].shape), tuple(y["node_positions"].shape)
    ((1, 3, 4), (1, 3, 3))

    Reference:
        [Satorras et al., 2021](https://arxiv.org/abs/2102.09844)
    """

    def __init__(
        self,
        units,
        hidden_activation="silu",
        use_edge_features=False,
        residual=True,
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.hidden_activation = keras.activations.get(hidden_activation)
        self.use_edge_features = use_edge_features
        self.residual = residual

    def build(self, input_shape):
        if "node_positions" not in input_shape:
            raise ValueError(
                "The layer needs a graph with `node_positions`. "
                f"Received: keys {sorted(input_shape)}"
            )
        features = input_shape["node_features"][-1]
        width = 2 * features + 1
        width += edge_width(input_shape, self.use_edge_features)
        hidden = self.hidden_activation

        def stack(name, width, units, last=None, use_bias=True):
            layers = [
                self.dense(self.units, f"{name}_hidden", hidden),
                self.dense(units, f"{name}_output", last, use_bias),
            ]
            layers[0].build((None, width))
            layers[1].build((None, self.units))
            return layers

        self.messages = stack("message", width, self.units, hidden)
        self.shifts = stack("shift", self.units, 1, use_bias=False)
        self.updates = stack("update", features + self.units, self.units)

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes, positions = graph.nodes, graph.positions
        offset = graph.of_target(positions) - graph.of_source(positions)
        square = ops.sum(ops.square(offset), axis=-1, keepdims=True)
        parts = [graph.of_target(nodes), graph.of_source(nodes)]
        parts.append(ops.cast(square, nodes.dtype))
        if self.use_edge_features:
            parts.append(graph.edge_features)
        messages = applied(self.messages, ops.concatenate(parts, axis=-1))
        shifts = ops.cast(applied(self.shifts, messages), offset.dtype)
        moved = positions + segment_mean(
            offset * shifts, graph.target, graph.num_nodes
        )
        received = segment_sum(messages, graph.target, graph.num_nodes)
        y = applied(self.updates, ops.concatenate([nodes, received], axis=-1))
        if self.residual and nodes.shape[-1] == self.units:
            y = y + nodes
        return {
            "node_features": graph.unflat(self.activation(y)),
            "node_positions": graph.unflat(moved),
        }

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape["node_features"])
        return {
            "node_features": (*shape[:-1], self.units),
            "node_positions": tuple(input_shape["node_positions"]),
        }

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_activation": keras.activations.serialize(
                self.hidden_activation
            ),
            "use_edge_features": self.use_edge_features,
            "residual": self.residual,
        }


def applied(layers, x):
    """One layer after the other."""
    for layer in layers:
        x = layer(x)
    return x
