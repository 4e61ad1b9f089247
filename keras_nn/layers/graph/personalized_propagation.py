import dataclasses

import keras

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.message_passing import MessagePassing
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class PersonalizedPropagation(MessagePassing):
    """Predictions spread as in personalised PageRank (APPNP); no weights.

    `Z <- (1 - teleport) D^(-1/2) (A + I) D^(-1/2) Z + teleport X`, from
    `Z = X` on, `steps` times

    Args:
        steps: int. Rounds. Defaults to 10.
        teleport: float in `[0, 1]`. How much of the beginning comes back in
            every round. Defaults to 0.1.
        edge_dropout: float. Share of the edges, self-loops included, left out
            in training, drawn anew in every round. Defaults to 0.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of the shape of `node_features`.

    Raises:
        ValueError: if `steps` is not positive or `teleport` is no share.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(PersonalizedPropagation()(graph).shape)
    (1, 3, 2)

    Reference:
        [Gasteiger et al., 2019](https://arxiv.org/abs/1810.05997)
    """

    def __init__(self, steps=10, teleport=0.1, edge_dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        if not 0 <= teleport <= 1:
            raise ValueError(
                f"`teleport` must lie in [0, 1]. Received: {teleport=}"
            )
        self.steps = steps
        self.teleport = teleport
        self.edge_dropout = edge_dropout
        self.dropout = keras.layers.Dropout(
            edge_dropout, dtype=self.dtype_policy, name="dropout"
        )

    def call(self, inputs, training=None):
        graph = symmetric_weights(FlatGraph.of(inputs))
        nodes = graph.nodes
        for _ in range(self.steps):
            weights = self.dropout(graph.edge_weights, training=training)
            thinned = dataclasses.replace(graph, edge_weights=weights)
            nodes = (1 - self.teleport) * self.propagate(thinned, nodes)
            nodes = nodes + self.teleport * graph.nodes
        return graph.unflat(nodes)

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
            "teleport": self.teleport,
            "edge_dropout": self.edge_dropout,
        }
