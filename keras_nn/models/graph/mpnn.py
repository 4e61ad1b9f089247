import keras

from keras_nn.layers import EdgeConditionedRecurrence
from keras_nn.layers import GraphPooling
from keras_nn.layers import SetToSetPooling
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class MPNN(GraphNetwork):
    """A property of a molecule from its atoms and bonds (MPNN).

    `X <- relu(X W + b)`; rounds of messages through matrices of edges; the
    answers to questions about the set of nodes, and their sum if `sum_nodes`;
    two dense layers

    Args:
        features: int. Features of a node.
        edge_features: int. Features of an edge.
        targets: int. Numbers to predict. Defaults to 1.
        units: int. Size of the state of a node. Defaults to 64.
        edge_units: int. Width of the network from an edge's features to its
            matrix. Defaults to 64.
        steps: int. Rounds of messages. Defaults to 3.
        pooling_steps: int. Questions of the pooling. Defaults to 3.
        sum_nodes: bool. Whether the sum over nodes joins the answers, which
            are averages: properties that grow with a molecule ask for it.
            Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        A tensor of shape `(packs, graphs, targets)`.

    Raises:
        ValueError: on a number of features below one, and on graphs without a
            key that the network uses.

    Example:

    >>> from keras_nn.data.graphs import molecules_like, pack
    >>> graphs, targets = molecules_like(3)
    >>> network = MPNN(features=4, edge_features=2, units=4, edge_units=4)
    >>> tuple(network(pack(graphs)).shape)
    (1, 3, 1)

    Reference:
        [Gilmer et al., 2017](https://arxiv.org/abs/1704.01212)
    """

    def __init__(
        self,
        features,
        edge_features,
        targets=1,
        units=64,
        edge_units=64,
        steps=3,
        pooling_steps=3,
        sum_nodes=False,
        dtype=None,
        **kwargs,
    ):
        if edge_features < 1:
            raise ValueError(
                f"`edge_features` must be positive. Received: {edge_features=}"
            )
        inputs = graph_inputs(
            features, edge_features=edge_features, pooled=True
        )
        x = keras.layers.Dense(
            units, activation="relu", dtype=dtype, name="embedding"
        )(inputs["node_features"])
        x = EdgeConditionedRecurrence(
            steps, edge_units, dtype=dtype, name="messages"
        )({**inputs, "node_features": x})
        nodes = {**inputs, "node_features": x}
        x = SetToSetPooling(pooling_steps, dtype=dtype, name="pooling")(nodes)
        if sum_nodes:
            total = GraphPooling("sum", dtype=dtype, name="total")(nodes)
            x = keras.layers.Concatenate(dtype=dtype, name="pooled")([x, total])
        x = keras.layers.Dense(
            units, activation="relu", dtype=dtype, name="hidden"
        )(x)
        x = keras.layers.Dense(targets, dtype=dtype, name="targets")(x)
        super().__init__(inputs, x, features, dtype=dtype, **kwargs)

        self.edge_features = edge_features
        self.targets = targets
        self.units = units
        self.edge_units = edge_units
        self.steps = steps
        self.pooling_steps = pooling_steps
        self.sum_nodes = sum_nodes

    def get_config(self):
        return {
            **super().get_config(),
            "edge_features": self.edge_features,
            "targets": self.targets,
            "units": self.units,
            "edge_units": self.edge_units,
            "steps": self.steps,
            "pooling_steps": self.pooling_steps,
            "sum_nodes": self.sum_nodes,
        }
