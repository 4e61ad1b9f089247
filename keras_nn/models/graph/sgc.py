import keras

from keras_nn.layers import SimplifiedGraphConvolution
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class SGC(NodeNetwork):
    """Logistic regression on features averaged over neighbours.

    `softmax(P^steps X W + b)`

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        steps: int. Rounds of averaging. Defaults to 2.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            the kernel joins the loss. Defaults to 5e-4.
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
    >>> tuple(SGC(features=2, classes=4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Wu et al., 2019](https://arxiv.org/abs/1902.07153)
    """

    def __init__(
        self,
        features,
        classes,
        steps=2,
        weight_decay=5e-4,
        classifier_activation="softmax",
        edge_weights=False,
        dtype=None,
        **kwargs,
    ):
        inputs = graph_inputs(features, edge_weights)
        x = inputs["node_features"]
        x = SimplifiedGraphConvolution(
            classes,
            steps=steps,
            activation=classifier_activation,
            kernel_regularizer=keras.regularizers.L2(weight_decay / 2),
            dtype=dtype,
            name="predictions",
        )(inputs)
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

        self.steps = steps

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
        }
