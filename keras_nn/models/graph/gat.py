import keras

from keras_nn.layers import GraphAttention
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class GAT(NodeNetwork):
    """Two layers in which nodes attend to their neighbours.

    `X <- elu(attention heads of X, joined)`; the last layer averages its heads

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        units: int. Features of a hidden head. Defaults to 8.
        heads: int. Hidden heads. Defaults to 8.
        output_heads: int. Heads of the last layer. Defaults to 1.
        dropout: float. Share of features dropped before every layer, and of
            attention. Defaults to 0.6.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            every kernel joins the loss. Defaults to 5e-4.
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
    >>> tuple(GAT(features=2, classes=4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Velickovic et al., 2018](https://arxiv.org/abs/1710.10903)
    """

    is_chain = True

    def __init__(
        self,
        features,
        classes,
        units=8,
        heads=8,
        output_heads=1,
        dropout=0.6,
        weight_decay=5e-4,
        input_dropout=True,
        classifier_activation="softmax",
        edge_weights=False,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features, edge_weights)
        x = inputs["node_features"]
        for index, (width, count) in enumerate(
            ((units, heads), (classes, output_heads))
        ):
            if dropout and (index or input_dropout):
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            x = GraphAttention(
                width,
                heads=count,
                concatenate=not index,
                attention_dropout=dropout,
                activation=classifier_activation if index else "elu",
                kernel_regularizer=keras.regularizers.L2(weight_decay / 2),
                dtype=dtype,
                name="predictions" if index else "attention",
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

        self.units = units
        self.heads = heads
        self.output_heads = output_heads
        self.dropout = dropout
        self.input_dropout = input_dropout

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "heads": self.heads,
            "output_heads": self.output_heads,
            "dropout": self.dropout,
            "input_dropout": self.input_dropout,
        }
