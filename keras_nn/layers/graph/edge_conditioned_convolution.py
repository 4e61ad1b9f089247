import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class EdgeConditionedConvolution(GraphProjection):
    """The features of an edge decide its kernel (ECC, NNConv, MPNN).

    `y[t] = activation(x[t] V + sum over (s, t) of x[s] K(e[s, t]) + b)`,
    where the MLP `K` gives a matrix of features by units

    Args:
        units: int. Features of a node that come out.
        hidden_units: int or None. Width of the hidden layer of the MLP; None
            for a linear map. Defaults to None.
        hidden_activation: str or callable. Of the hidden layer. Defaults to
            `"relu"`.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_features` are needed.
            Every edge takes features x units numbers of memory.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive, or edges have no features.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ...     "edge_features": ops.ones((1, 2, 5)),
    ... }
    >>> tuple(EdgeConditionedConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Simonovsky and Komodakis, 2017](https://arxiv.org/abs/1704.02901);
        [Gilmer et al., 2017](https://arxiv.org/abs/1704.01212)
    """

    def __init__(
        self, units, hidden_units=None, hidden_activation="relu", **kwargs
    ):
        super().__init__(units, **kwargs)
        self.hidden_units = hidden_units
        self.hidden_activation = keras.activations.get(hidden_activation)

    def build(self, input_shape):
        if "edge_features" not in input_shape:
            raise ValueError(
                "The layer needs a graph with `edge_features`. "
                f"Received: keys {sorted(input_shape)}"
            )
        features = input_shape["node_features"][-1]
        width = input_shape["edge_features"][-1]
        self.hidden = None
        if self.hidden_units:
            self.hidden = self.dense(
                self.hidden_units, "hidden", self.hidden_activation
            )
            self.hidden.build((None, width))
            width = self.hidden_units
        self.matrix = self.dense(features * self.units, "matrix")
        self.matrix.build((None, width))
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def matrices(self, graph):
        """The matrix of every edge: `(edges, features, units)`."""
        edges = graph.edge_features
        if self.hidden is not None:
            edges = self.hidden(edges)
        return ops.reshape(self.matrix(edges), (-1, *self.own_kernel.shape))

    def message(self, graph, nodes):
        return multiply_rows(graph.of_source(nodes), self.matrices(graph))

    def update(self, graph, nodes, received):
        return self.finish(ops.matmul(nodes, self.own_kernel) + received)

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_units": self.hidden_units,
            "hidden_activation": keras.activations.serialize(
                self.hidden_activation
            ),
        }


def multiply_rows(rows, matrices):
    """Every row times a matrix of its own: `(n, a), (n, a, b) -> (n, b)`."""
    return ops.einsum("ef,efu->eu", rows, matrices)
