import keras

from keras_nn.layers import PersonalizedPropagation
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class APPNP(NodeNetwork):
    """A perceptron at every node, whose scores spread over the graph.

    `Z <- (1 - teleport) P Z + teleport MLP(X)`

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        units: int. Width of the hidden layer. Defaults to 64.
        steps: int. Rounds of spreading. Defaults to 10.
        teleport: float. How much comes back in every round. Defaults to 0.1.
        dropout: float. Share of features and edges dropped. Defaults to 0.5.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            the first kernel joins the loss. Defaults to 5e-3.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        edge_weights: bool. Whether edges have weights. Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Scores of shape `(packs, nodes, classes)`.

    Raises:
        ValueError: on a number of features, classes or units below one, and
            on graphs without a key that the network uses.

    Example:

    >>> from keras import ops
    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(APPNP(features=2, classes=4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Gasteiger et al., 2019](https://arxiv.org/abs/1810.05997)
    """

    def __init__(
        self,
        features,
        classes,
        units=64,
        steps=10,
        teleport=0.1,
        dropout=0.5,
        weight_decay=5e-3,
        classifier_activation="softmax",
        edge_weights=False,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features, edge_weights)
        x = inputs["node_features"]
        for index, width in enumerate((units, classes)):
            if dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            x = keras.layers.Dense(
                width,
                activation=None if index else "relu",
                kernel_regularizer=None
                if index
                else keras.regularizers.L2(weight_decay / 2),
                dtype=dtype,
                name=f"dense_{index}",
            )(x)
        x = PersonalizedPropagation(
            steps, teleport, dropout, dtype=dtype, name="propagation"
        )({**inputs, "node_features": x})
        x = keras.layers.Activation(
            classifier_activation, dtype=dtype, name="predictions"
        )(x)
        super().__init__(
            inputs,
            x,
            features,
            classes,
            weight_decay,
            classifier_activation,
            edge_weights,
            dtype=dtype,
            **kwargs,
        )

        self.units = units
        self.steps = steps
        self.teleport = teleport
        self.dropout = dropout

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "steps": self.steps,
            "teleport": self.teleport,
            "dropout": self.dropout,
        }
