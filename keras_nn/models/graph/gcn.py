import keras

from keras_nn.layers import GraphConvolution
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class GCN(NodeNetwork):
    """Graph convolutions one after the other, from nodes to classes.

    `X <- relu(P X W + b)`, `P` averaging over neighbours; the last layer gives
    the scores

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        units: list of ints. Width of each hidden layer. Defaults to `(16,)`.
        dropout: float. Share of features dropped before every layer. Defaults
            to 0.5.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            the first kernel joins the loss. Defaults to 5e-4.
        input_dropout: bool. Whether features are dropped before the first
            layer, too. Defaults to True.
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
    >>> tuple(GCN(features=2, classes=4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Kipf and Welling, 2017](https://arxiv.org/abs/1609.02907)
    """

    def __init__(
        self,
        features,
        classes,
        units=(16,),
        dropout=0.5,
        weight_decay=5e-4,
        input_dropout=True,
        classifier_activation="softmax",
        edge_weights=False,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features, edge_weights)
        x = inputs["node_features"]
        for index, width in enumerate((*units, classes)):
            if dropout and (index or input_dropout):
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            last = index == len(units)
            x = GraphConvolution(
                width,
                activation=classifier_activation if last else "relu",
                # Kipf and Welling decay the first layer alone.
                kernel_regularizer=None
                if index
                else keras.regularizers.L2(weight_decay / 2),
                dtype=dtype,
                name="predictions" if last else f"convolution_{index}",
            )({**inputs, "node_features": x})
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

        self.units = list(units)
        self.dropout = dropout
        self.input_dropout = input_dropout

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "dropout": self.dropout,
            "input_dropout": self.input_dropout,
        }
