import keras

from keras_nn.layers.graph.edge_conditioned_convolution import (
    EdgeConditionedConvolution,
)
from keras_nn.layers.graph.edge_conditioned_convolution import multiply_rows
from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class EdgeConditionedRecurrence(keras.layers.Layer):
    """A recurrent cell at every node reads through matrices of edges (MPNN).

    `x[t] <- GRU(relu(x[t] V + aggregate over (s, t) of x[s] A(e[s, t]) + b),
    x[t])`, `steps` times with the same weights, where the matrix `A` of an
    edge comes from an MLP of its features

    Args:
        steps: int. Rounds. Defaults to 3.
        hidden_units: int or None. Width of the hidden layer of the MLP; None
            for a linear map. Defaults to 64.
        aggregator: as of `MessagePassing`, one. Defaults to `"mean"`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_features` are needed. Every
            edge takes features x features numbers of memory.

    Returns:
        A float tensor of the shape of `node_features`.

    Raises:
        ValueError: if `steps` is not positive, or edges have no features.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ...     "edge_features": ops.ones((1, 2, 5)),
    ... }
    >>> tuple(EdgeConditionedRecurrence()(graph).shape)
    (1, 3, 2)

    Reference:
        [Gilmer et al., 2017](https://arxiv.org/abs/1704.01212)
    """

    def __init__(self, steps=3, hidden_units=64, aggregator="mean", **kwargs):
        super().__init__(**kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps
        self.hidden_units = hidden_units
        self.aggregator = aggregator

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.convolution = EdgeConditionedConvolution(
            features,
            self.hidden_units,
            activation="relu",
            aggregator=self.aggregator,
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.convolution.build(input_shape)
        self.cell = keras.layers.GRUCell(
            features, dtype=self.dtype_policy, name="cell"
        )
        self.cell.build((None, features))

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        matrices = self.convolution.matrices(graph)
        for _ in range(self.steps):
            messages = multiply_rows(graph.of_source(nodes), matrices)
            received = self.convolution.aggregate(graph, messages)
            received = self.convolution.update(graph, nodes, received)
            nodes, _ = self.cell(received, [nodes])
        return graph.unflat(nodes)

    def compute_output_shape(self, input_shape):
        return input_shape["node_features"]

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
            "hidden_units": self.hidden_units,
            "aggregator": self.aggregator,
        }
