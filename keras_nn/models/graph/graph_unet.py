import keras

from keras_nn.layers import AdjacencyMatrix
from keras_nn.layers import DenseGraphConvolution
from keras_nn.layers import TopKPooling
from keras_nn.layers import TwoStepAdjacency
from keras_nn.models.graph.graph_network import graph_inputs
from keras_nn.models.graph.node_network import NodeNetwork


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphUNet(NodeNetwork):
    """Graphs that become smaller and smaller, and whole again (Graph U-Net).

    Down: edges become those of two steps, the best nodes are kept (TopK), a
    graph convolution; up: nodes return to their places, what was there before
    is added, a graph convolution. Matrices hold the edges: memory grows with
    the square of the nodes of a pack.

    Args:
        features: int. Features of a node.
        classes: int. Scores of a node.
        units: int. Features of hidden layers. Defaults to 64.
        depth: int. How often graphs become smaller. Defaults to 3.
        ratio: float. Share of nodes that is kept each time. Defaults to 0.5.
        add: bool. Whether what was there is added, or else stands beside.
            Defaults to True.
        activation: str or callable. Defaults to `"relu"`.
        weight_decay: float. `weight_decay / 2` times the sum of the squares of
            kernels joins the loss. Defaults to 0.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        edge_weights: bool. Whether edges have weights. Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Scores of shape `(packs, nodes, classes)`; those of padding mean
        nothing.

    Raises:
        ValueError: on a number of features, classes, units or `depth` below
            one, and on graphs without a key that the network uses.

    Example:

    >>> from keras_nn.data.graphs import cycles_or_not, pack
    >>> graphs, labels = cycles_or_not(2)
    >>> packs = pack(graphs)
    >>> scores = GraphUNet(features=1, classes=2, units=4)(packs)
    >>> tuple(scores.shape) == (*packs["node_mask"].shape, 2)
    True

    Reference:
        [Gao and Ji, 2019](https://arxiv.org/abs/1905.05178)
    """

    def __init__(
        self,
        features,
        classes,
        units=64,
        depth=3,
        ratio=0.5,
        add=True,
        activation="relu",
        weight_decay=0.0,
        classifier_activation="softmax",
        edge_weights=False,
        dtype=None,
        **kwargs,
    ):
        if depth < 1:
            raise ValueError(f"`depth` must be positive. Received: {depth=}")
        inputs = graph_inputs(features, edge_weights, pooled=True)

        def convolved(x, level, width, activation, name):
            return DenseGraphConvolution(
                width,
                self_loops=2.0,
                activation=activation,
                kernel_regularizer=keras.regularizers.L2(weight_decay / 2)
                if weight_decay
                else None,
                dtype=dtype,
                name=name,
            )({**level, "node_features": x})

        level = {
            "adjacency": AdjacencyMatrix(dtype=dtype, name="adjacency")(inputs),
            "node_mask": inputs["node_mask"],
        }
        graph = dict(inputs)
        x = convolved(
            inputs["node_features"], level, units, activation, "down_0"
        )
        levels, befores = [], []
        for index in range(1, depth + 1):
            levels.append(level)
            befores.append(x)
            pooled = TopKPooling(ratio, dtype=dtype, name=f"pool_{index}")(
                {**graph, "node_features": x}
            )
            graph |= pooled
            level = {
                "adjacency": TwoStepAdjacency(
                    dtype=dtype, name=f"two_steps_{index}"
                )(_masked(level)),
                "node_mask": pooled["node_mask"],
            }
            x = convolved(
                pooled["node_features"],
                level,
                units,
                activation,
                f"down_{index}",
            )
        join = keras.layers.Add if add else keras.layers.Concatenate
        for index in reversed(range(depth)):
            x = join(dtype=dtype, name=f"join_{index}")([befores[index], x])
            last = index == 0
            x = convolved(
                x,
                levels[index],
                classes if last else units,
                classifier_activation if last else activation,
                "predictions" if last else f"up_{index}",
            )
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
        self.depth = depth
        self.ratio = ratio
        self.add = add
        self.activation = activation

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "depth": self.depth,
            "ratio": self.ratio,
            "add": self.add,
            "activation": self.activation,
        }


def _masked(level):
    """The matrix of a level without what leads from or to padding."""
    mask = keras.ops.cast(level["node_mask"], level["adjacency"].dtype)
    return level["adjacency"] * mask[:, :, None] * mask[:, None]
