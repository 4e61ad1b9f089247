import keras

from keras_nn.layers import GraphSAGE
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class SAGE(NodeNetwork):
    """Layers that join a node and the mean of its neighbours (GraphSAGE).

    `X <- relu(X V + mean over neighbours of X W + b)`, the last layer with
    another activation; what a node becomes depends on its neighbourhood
    alone, so that a network trained on drawn neighbourhoods fits new graphs

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        units: list of int. Widths of the hidden layers. Defaults to `(64,)`.
        aggregator: as of `keras_nn.layers.GraphSAGE`. Defaults to `"mean"`.
        dropout: float. Share of features dropped before every layer but the
            first. Defaults to 0.5.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            every kernel joins the loss. Defaults to 0.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
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
    >>> tuple(SAGE(features=2, classes=4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Hamilton et al., 2017](https://arxiv.org/abs/1706.02216)
    """

    is_chain = True

    def __init__(
        self,
        features,
        classes,
        units=(64,),
        aggregator="mean",
        dropout=0.5,
        weight_decay=0.0,
        classifier_activation="softmax",
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features)
        x = inputs["node_features"]
        for index, width in enumerate((*units, classes)):
            if index and dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            last = index == len(units)
            x = GraphSAGE(
                width,
                aggregator=aggregator,
                activation=classifier_activation if last else "relu",
                kernel_regularizer=keras.regularizers.L2(weight_decay / 2)
                if weight_decay
                else None,
                dtype=dtype,
                name="predictions" if last else f"sage_{index}",
            )({**inputs, "node_features": x})
        super().__init__(
            inputs,
            x,
            features,
            classes,
            weight_decay,
            classifier_activation,
            dtype=dtype,
            **kwargs,
        )

        self.units = list(units)
        self.aggregator = aggregator
        self.dropout = dropout

    def get_config(self):
        config = super().get_config()
        del config["edge_weights"]  # it uses none
        return {
            **config,
            "units": self.units,
            "aggregator": self.aggregator,
            "dropout": self.dropout,
        }
