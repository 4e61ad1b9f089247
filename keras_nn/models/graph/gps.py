import keras

from keras_nn.layers import GeneralPowerfulScalable
from keras_nn.layers import GraphIsomorphism
from keras_nn.layers import GraphPooling
from keras_nn.models.activation_config import activation_config
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class GPS(GraphNetwork):
    """A transformer of graphs: messages along edges, attention between all.

    `X <- X W + b`, `X <- GPS(X)` with sums over neighbours (GINE) as the local
    part, `depth` times, two dense layers of the pooled nodes. Places in the
    graph are among the features, see
    `keras_nn.data.graphs.laplacian_encoding` and `random_walk_encoding`.

    Args:
        features: int. Features of a node.
        classes: int. Scores of a graph or a node, or numbers to predict.
        units: int. Width of all layers. Defaults to 64.
        heads: int. Heads of the attention. Defaults to 4.
        depth: int. Layers. Defaults to 5.
        local: bool. Whether there are messages along edges, too; without it is
            a plain transformer. Defaults to True.
        dropout: float. Defaults to 0.
        attention_dropout: float. Defaults to 0.
        normalize: bool. Whether nodes are batch-normalised. Defaults to True.
        pooling: aggregator of nodes, as of `GraphPooling`, or None for scores
            of nodes. Defaults to `"mean"`.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits or numbers.
        edge_features: int. Features of an edge that messages hold; 0 for
            none. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Scores of shape `(packs, graphs, classes)`, or `(packs, nodes,
        classes)` without pooling.

    Raises:
        ValueError: on a number of features, classes or units below one, and
            on graphs without a key that the network uses.

    Example:

    >>> from keras_nn.data.graphs import cycles_or_not, pack
    >>> graphs, labels = cycles_or_not(3)
    >>> network = GPS(features=1, classes=2, units=8, heads=2, depth=2)
    >>> tuple(network(pack(graphs)).shape)
    (1, 3, 2)

    Reference:
        [Rampasek et al., 2022](https://arxiv.org/abs/2205.12454)
    """

    def __init__(
        self,
        features,
        classes,
        units=64,
        heads=4,
        depth=5,
        local=True,
        dropout=0.0,
        attention_dropout=0.0,
        normalize=True,
        pooling="mean",
        classifier_activation="softmax",
        edge_features=0,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(
            features, edge_features=edge_features, pooled=True
        )
        x = keras.layers.Dense(units, dtype=dtype, name="embedding")(
            inputs["node_features"]
        )
        for index in range(depth):
            x = GeneralPowerfulScalable(
                GraphIsomorphism(
                    units,
                    use_edge_features=bool(edge_features),
                    dtype=dtype,
                    name="local",
                )
                if local
                else None,
                heads,
                dropout=dropout,
                attention_dropout=attention_dropout,
                normalize=normalize,
                dtype=dtype,
                name=f"layer_{index}",
            )({**inputs, "node_features": x})
        if pooling is not None:
            x = GraphPooling(pooling, dtype=dtype, name="pooling")(
                {**inputs, "node_features": x}
            )
        x = keras.layers.Dense(units, "relu", dtype=dtype, name="hidden")(x)
        x = keras.layers.Dense(
            classes, classifier_activation, dtype=dtype, name="predictions"
        )(x)
        super().__init__(inputs, x, features, dtype=dtype, **kwargs)

        self.classes = classes
        self.units = units
        self.heads = heads
        self.depth = depth
        self.local = local
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.normalize = normalize
        self.pooling = pooling
        self.classifier_activation = classifier_activation
        self.edge_features = edge_features

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "units": self.units,
            "heads": self.heads,
            "depth": self.depth,
            "local": self.local,
            "dropout": self.dropout,
            "attention_dropout": self.attention_dropout,
            "normalize": self.normalize,
            "pooling": self.pooling,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "edge_features": self.edge_features,
        }
