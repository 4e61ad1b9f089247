import keras

from keras_nn.layers import GraphIsomorphism
from keras_nn.layers import GraphPooling
from keras_nn.layers import NodeBatchNormalization
from keras_nn.models.activation_config import activation_config
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class GIN(GraphNetwork):
    """Graphs told apart by sums over neighbours and over nodes (GIN).

    `X <- relu(norm(MLP((1 + epsilon) X + A X)))`, `depth` times; the scores of
    a graph are the sum over all depths, the features themselves included, of
    a linear map of `sum over nodes of X`

    Args:
        features: int. Features of a node.
        classes: int. Scores of a graph.
        units: int. Width of all layers. Defaults to 64.
        depth: int. Rounds. Defaults to 4.
        train_epsilon: bool. Whether `epsilon` is learned, or 0 (GIN-0).
            Defaults to False.
        dropout: float. Share of scores dropped at every depth. Defaults to
            0.5.
        batch_normalization: bool. Defaults to True. Padding is left out; it
            sees a replica's own graphs.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            the kernels of scores joins the loss. Defaults to 0.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        edge_features: int. Features of an edge that messages hold (GINE); 0
            for none. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Scores of shape `(packs, graphs, classes)`.

    Raises:
        ValueError: on a number of features, classes or units below one, and
            on graphs without a key that the network uses.

    Example:

    >>> from keras_nn.data.graphs import cycles_or_not, pack
    >>> graphs, labels = cycles_or_not(3)
    >>> tuple(GIN(features=1, classes=2, units=8)(pack(graphs)).shape)
    (1, 3, 2)

    Reference:
        [Xu et al., 2019](https://arxiv.org/abs/1810.00826)
    """

    def __init__(
        self,
        features,
        classes,
        units=64,
        depth=4,
        train_epsilon=False,
        dropout=0.5,
        batch_normalization=True,
        weight_decay=0.0,
        classifier_activation="softmax",
        edge_features=0,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(
            features, edge_features=edge_features, pooled=True
        )
        x = inputs["node_features"]
        scores = []
        for index in range(depth + 1):
            if index:
                x = GraphIsomorphism(
                    units,
                    use_edge_features=bool(edge_features),
                    train_epsilon=train_epsilon,
                    normalize_hidden=batch_normalization,
                    dtype=dtype,
                    name=f"isomorphism_{index}",
                )({**inputs, "node_features": x})
                if batch_normalization:
                    x = NodeBatchNormalization(
                        dtype=dtype, name=f"norm_{index}"
                    )({**inputs, "node_features": x})
                x = keras.layers.ReLU(dtype=dtype, name=f"relu_{index}")(x)
            y = GraphPooling("sum", dtype=dtype, name=f"pool_{index}")(
                {**inputs, "node_features": x}
            )
            y = keras.layers.Dense(
                classes,
                kernel_regularizer=keras.regularizers.L2(weight_decay / 2)
                if weight_decay
                else None,
                dtype=dtype,
                name=f"scores_{index}",
            )(y)
            if dropout:
                y = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(y)
            scores.append(y)
        x = keras.layers.Add(dtype=dtype, name="sum")(scores)
        x = keras.layers.Activation(
            classifier_activation, dtype=dtype, name="predictions"
        )(x)
        super().__init__(
            inputs,
            x,
            features,
            dtype=dtype,
            **kwargs,
        )

        self.classes = classes
        self.units = units
        self.depth = depth
        self.train_epsilon = train_epsilon
        self.dropout = dropout
        self.batch_normalization = batch_normalization
        self.weight_decay = weight_decay
        self.classifier_activation = classifier_activation
        self.edge_features = edge_features

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "units": self.units,
            "depth": self.depth,
            "train_epsilon": self.train_epsilon,
            "dropout": self.dropout,
            "batch_normalization": self.batch_normalization,
            "weight_decay": self.weight_decay,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "edge_features": self.edge_features,
        }
