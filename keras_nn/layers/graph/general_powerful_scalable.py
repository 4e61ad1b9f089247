import keras
from keras import ops

from keras_nn.layers.graph.aggregation import layer_config
from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.node_batch_normalization import (
    NodeBatchNormalization,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class GeneralPowerfulScalable(keras.layers.Layer):
    """Messages along edges beside attention between all nodes (GPS).

    `h = norm(local(x) + x) + norm(attention(x) + x)`,
    `y = norm(h + W_2 relu(W_1 h))`, attention between the nodes of a graph

    Args:
        local: layer of graphs whose output has the features of its input, such
            as `GraphIsomorphism(units)`; None for attention alone.
        heads: int. Heads of the attention. Defaults to 1.
        activation: str or callable. Of the hidden layer, which is twice as
            wide. Defaults to `"relu"`.
        dropout: float. Share dropped after every part. Defaults to 0.
        attention_dropout: float. Defaults to 0.
        normalize: bool. Whether nodes are batch-normalised, padding left
            out. Defaults to True.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`, and what `local` uses.
            Memory grows with the square of the nodes of a pack.

    Returns:
        A float tensor of the shape of `node_features`.

    Raises:
        ValueError: if `heads` does not divide the number of features.

    Example:

    >>> from keras_nn.layers import GraphConvolution
    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> layer = GeneralPowerfulScalable(GraphConvolution(2), heads=2)
    >>> tuple(layer(graph).shape)
    (1, 3, 2)

    Reference:
        [Rampasek et al., 2022](https://arxiv.org/abs/2205.12454)
    """

    def __init__(
        self,
        local,
        heads=1,
        activation="relu",
        dropout=0.0,
        attention_dropout=0.0,
        normalize=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.local = local
        self.heads = heads
        self.activation = keras.activations.get(activation)
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.normalize = normalize
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="drop"
        )

    def build(self, input_shape):
        shape = tuple(input_shape["node_features"])
        features = shape[-1]
        if self.heads < 1 or features % self.heads:
            raise ValueError(
                "`heads` must divide the number of features. Received: "
                f"heads={self.heads}, {features} features"
            )
        if self.local is not None and not self.local.built:
            self.local.build(input_shape)
        self.attention = keras.layers.MultiHeadAttention(
            self.heads,
            features // self.heads,
            dropout=self.attention_dropout,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.attention.build((None, None, features), (None, None, features))
        self.hidden, self.output_layer = (
            keras.layers.Dense(units, dtype=self.dtype_policy, name=name)
            for name, units in (("hidden", 2 * features), ("output", features))
        )
        self.hidden.build((None, features))
        self.output_layer.build((None, 2 * features))
        names = ("local_norm", "attention_norm", "output_norm")
        self.norms = [
            NodeBatchNormalization(dtype=self.dtype_policy, name=name)
            for name in (names if self.normalize else ())
        ]
        for norm in self.norms:
            norm.build({"node_features": shape})

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        x = inputs["node_features"]

        def normalized(x, index):
            if not self.norms:
                return x
            return self.norms[index](
                {**inputs, "node_features": x}, training=training
            )

        batch = x if len(x.shape) == 3 else ops.expand_dims(x, 0)
        y = self.attention(
            batch,
            batch,
            attention_mask=self._same_graph(graph),
            training=training,
        )
        y = ops.reshape(y, ops.shape(x))
        y = normalized(self.drop(y, training=training) + x, 1)
        if self.local is not None:
            near = self.drop(self.local(inputs), training=training)
            y = y + normalized(near + x, 0)
        hidden = self.activation(self.hidden(y))
        hidden = self.output_layer(self.drop(hidden, training=training))
        return normalized(y + self.drop(hidden, training=training), 2)

    def _same_graph(self, graph):
        """Which nodes look at which: bool `(packs, nodes, nodes)`."""
        ids, count = graph.graph_ids()
        ids = ops.reshape(ids, (-1, graph.shape[-2]))
        same = ids[:, :, None] == ids[:, None]
        return ops.logical_and(same, ids[:, None] < count)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["node_features"])

    def get_config(self):
        return {
            **super().get_config(),
            "local": layer_config(self.local),
            "heads": self.heads,
            "activation": keras.activations.serialize(self.activation),
            "dropout": self.dropout,
            "attention_dropout": self.attention_dropout,
            "normalize": self.normalize,
        }

    @classmethod
    def from_config(cls, config):
        local = keras.saving.deserialize_keras_object(config["local"])
        return cls(**{**config, "local": local})
