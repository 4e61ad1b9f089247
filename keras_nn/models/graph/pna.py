import keras

from keras_nn.layers import GraphPooling
from keras_nn.layers import NodeBatchNormalization
from keras_nn.layers import PrincipalNeighbourhood
from keras_nn.models.activation_config import activation_config
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class PNA(GraphNetwork):
    """Graphs judged by several aggregates at several scales (PNA).

    `X <- X W`, `X <- X + relu(norm(PNA(X)))`, `depth` times, two dense layers
    of the pooled nodes

    Args:
        features: int. Features of a node.
        classes: int. Scores of a graph, or numbers to predict.
        average_log_degree: float. The mean of `log(d + 1)` over the nodes of
            the training graphs, `d` being the number of incoming edges.
        units: int. Width of all layers. Defaults to 64.
        depth: int. Rounds. Defaults to 4.
        pooling: aggregator of nodes, as of `GraphPooling`. Defaults to
            `"mean"`.
        batch_normalization: bool. Defaults to True. Padding is left out; it
            sees a replica's own graphs.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits or numbers.
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
    >>> network = PNA(features=1, classes=2, average_log_degree=1.0, units=8)
    >>> tuple(network(pack(graphs)).shape)
    (1, 3, 2)

    Reference:
        [Corso et al., 2020](https://arxiv.org/abs/2004.05718)
    """

    def __init__(
        self,
        features,
        classes,
        average_log_degree,
        units=64,
        depth=4,
        pooling="mean",
        batch_normalization=True,
        classifier_activation="softmax",
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features, pooled=True)
        x = keras.layers.Dense(units, dtype=dtype, name="embedding")(
            inputs["node_features"]
        )
        for index in range(depth):
            y = PrincipalNeighbourhood(
                units,
                average_log_degree,
                dtype=dtype,
                name=f"neighbourhood_{index}",
            )({**inputs, "node_features": x})
            if batch_normalization:
                y = NodeBatchNormalization(dtype=dtype, name=f"norm_{index}")(
                    {**inputs, "node_features": y}
                )
            y = keras.layers.ReLU(dtype=dtype, name=f"relu_{index}")(y)
            x = keras.layers.Add(dtype=dtype, name=f"sum_{index}")([x, y])
        x = GraphPooling(pooling, dtype=dtype, name="pooling")(
            {**inputs, "node_features": x}
        )
        x = keras.layers.Dense(units, "relu", dtype=dtype, name="hidden")(x)
        x = keras.layers.Dense(
            classes, classifier_activation, dtype=dtype, name="predictions"
        )(x)
        super().__init__(inputs, x, features, dtype=dtype, **kwargs)

        self.classes = classes
        self.average_log_degree = average_log_degree
        self.units = units
        self.depth = depth
        self.pooling = pooling
        self.batch_normalization = batch_normalization
        self.classifier_activation = classifier_activation

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "average_log_degree": self.average_log_degree,
            "units": self.units,
            "depth": self.depth,
            "pooling": self.pooling,
            "batch_normalization": self.batch_normalization,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
        }
