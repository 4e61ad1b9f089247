from keras_nn.models.activation_config import activation_config
from keras_nn.models.graph.graph_network import GraphNetwork


class NodeNetwork(GraphNetwork):
    """A network that scores every node. Abstract.

    A subclass builds its graph and stores what else it takes.

    Attributes:
        is_chain: bool. Whether the layers follow one another, and each looks
            one edge far; see `predict_by_layers`.

    Args:
        inputs: dict of symbolic inputs, see `graph_inputs`.
        outputs: symbolic tensor of shape `(packs, nodes, classes)`.
        features: int. Features of a node.
        classes: int. Scores of a node.
        weight_decay: float. `weight_decay / 2` times the sum of the squares
            of kernels joins the loss.
        classifier_activation: str, callable or None. Of the scores.
        edge_weights: bool. Whether edges have weights. Defaults to False.
        **kwargs: `dtype`, `name`, `trainable`.
    """

    is_chain = False

    def __init__(
        self,
        inputs,
        outputs,
        features,
        classes,
        weight_decay,
        classifier_activation,
        edge_weights=False,
        **kwargs,
    ):
        super().__init__(inputs, outputs, features, **kwargs)
        self.classes = classes
        self.weight_decay = weight_decay
        self.classifier_activation = classifier_activation
        self.edge_weights = edge_weights

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "weight_decay": self.weight_decay,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "edge_weights": self.edge_weights,
        }
