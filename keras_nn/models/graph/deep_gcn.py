import keras

from keras_nn.layers import GeneralizedConvolution
from keras_nn.layers import GraphPooling
from keras_nn.layers import JumpingKnowledge
from keras_nn.layers import NodeBatchNormalization
from keras_nn.models.activation_config import activation_config
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class DeepGCN(GraphNetwork):
    """Many layers of graphs, each added to what was before (DeeperGCN).

    `X <- X W + b`, `X <- X + GENConv(dropout(relu(norm(X))))`, `depth` times;
    scores of `relu(norm(X))`, or of what all layers know of a node

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node or a graph, or numbers to predict.
        units: int. Width of all layers. Defaults to 64.
        depth: int. Layers. Defaults to 14.
        jumping: `"cat"`, `"max"`, `"lstm"` or None. How all layers are put
            together, see `JumpingKnowledge`; None takes the last. Defaults to
            None.
        dropout: float. Defaults to 0.1.
        normalize: bool. Whether nodes are batch-normalised, padding left
            out. Defaults to True.
        normalize_messages: bool. See `GeneralizedConvolution`. Defaults to
            False.
        pooling: aggregator of nodes, as of `GraphPooling`, or None for scores
            of nodes. Defaults to None.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits or numbers.
        edge_features: int. Features of an edge that messages hold; 0 for
            none. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Scores of shape `(packs, nodes, classes)`, or with pooling `(packs,
        graphs, classes)`.

    Raises:
        ValueError: on a number of features, classes or units below one, and
            on graphs without a key that the network uses.

    Example:

    >>> from keras_nn.data.graphs import cycles_or_not, pack
    >>> graphs, labels = cycles_or_not(3)
    >>> network = DeepGCN(1, 2, units=8, depth=3, jumping="max", pooling="sum")
    >>> tuple(network(pack(graphs)).shape)
    (1, 3, 2)

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739);
        [Xu et al., 2018](https://arxiv.org/abs/1806.03536) (jumping)
    """

    def __init__(
        self,
        features,
        classes,
        units=64,
        depth=14,
        jumping=None,
        dropout=0.1,
        normalize=True,
        normalize_messages=False,
        pooling=None,
        classifier_activation="softmax",
        edge_features=0,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(
            features, edge_features=edge_features, pooled=True
        )

        def activated(x, name):
            if normalize:
                x = NodeBatchNormalization(dtype=dtype, name=f"{name}_norm")(
                    {**inputs, "node_features": x}
                )
            return keras.layers.ReLU(dtype=dtype, name=f"{name}_relu")(x)

        x = keras.layers.Dense(units, dtype=dtype, name="embedding")(
            inputs["node_features"]
        )
        known = []
        for index in range(depth):
            y = activated(x, f"layer_{index}")
            if dropout:
                y = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(y)
            y = GeneralizedConvolution(
                units,
                use_edge_features=bool(edge_features),
                normalize_messages=normalize_messages,
                normalize_hidden=normalize,
                dtype=dtype,
                name=f"convolution_{index}",
            )({**inputs, "node_features": y})
            x = keras.layers.Add(dtype=dtype, name=f"sum_{index}")([x, y])
            known.append(x)
        if jumping is not None:
            x = JumpingKnowledge(jumping, dtype=dtype, name="jumping")(known)
        x = activated(x, "last")
        if pooling is not None:
            x = GraphPooling(pooling, dtype=dtype, name="pooling")(
                {**inputs, "node_features": x}
            )
        x = keras.layers.Dense(
            classes, classifier_activation, dtype=dtype, name="predictions"
        )(x)
        super().__init__(inputs, x, features, dtype=dtype, **kwargs)

        self.classes = classes
        self.units = units
        self.depth = depth
        self.jumping = jumping
        self.dropout = dropout
        self.normalize = normalize
        self.normalize_messages = normalize_messages
        self.pooling = pooling
        self.classifier_activation = classifier_activation
        self.edge_features = edge_features

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "units": self.units,
            "depth": self.depth,
            "jumping": self.jumping,
            "dropout": self.dropout,
            "normalize": self.normalize,
            "normalize_messages": self.normalize_messages,
            "pooling": self.pooling,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "edge_features": self.edge_features,
        }
