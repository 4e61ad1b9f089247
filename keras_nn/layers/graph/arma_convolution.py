import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class ARMAConvolution(GraphProjection):
    """A rational filter of the graph, by rounds that recall the input (ARMA).

    `Y = mean over stacks of Z`, where
    `Z <- activation(D^(-1/2) A D^(-1/2) Z W + X V + b)`, `steps` times from
    `Z = X` on

    Args:
        units: int. Features of a node that come out.
        stacks: int. Filters that are averaged. Defaults to 1.
        steps: int. Rounds, each with kernels of its own. Defaults to 1.
        activation: str or callable. Of every round. Defaults to `"relu"`.
        dropout: float. Share of the input that is not recalled, in training.
            Defaults to 0.
        **kwargs: `use_bias`, `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units`, `stacks` or `steps` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(ARMAConvolution(4, stacks=2, steps=2)(graph).shape)
    (1, 3, 4)

    Reference:
        [Bianchi et al., 2021](https://arxiv.org/abs/1901.01343)
    """

    def __init__(
        self,
        units,
        stacks=1,
        steps=1,
        activation="relu",
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(units, activation=activation, **kwargs)
        if stacks < 1 or steps < 1:
            raise ValueError(
                "`stacks` and `steps` must be positive. "
                f"Received: {stacks=}, {steps=}"
            )
        self.stacks = stacks
        self.steps = steps
        self.dropout = dropout
        self.dropout_layer = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        stacks, steps, units = self.stacks, self.steps, self.units
        self.first = self.add_kernels("first_kernel", stacks, features, units)
        self.recall = self.add_kernels(
            "recall_kernel", steps, stacks, features, units
        )
        self.bias = self.add_bias(steps, stacks, 1, units)
        if steps > 1:
            self.kernels = self.add_kernels(
                "kernel", steps - 1, stacks, units, units
            )

    def call(self, inputs, training=None):
        graph = symmetric_weights(FlatGraph.of(inputs), self_loops=False)
        z = ops.expand_dims(graph.nodes, 0)  # (stacks, nodes, features)
        for step in range(self.steps):
            kernel = self.kernels[step - 1] if step else self.first
            z = ops.matmul(z, kernel)
            # Messages of all stacks at once: (nodes, stacks * units).
            rows = ops.reshape(
                ops.transpose(z, (1, 0, 2)), (-1, self.stacks * self.units)
            )
            rows = self.propagate(graph, rows)
            rows = ops.reshape(rows, (-1, self.stacks, self.units))
            nodes = self.dropout_layer(graph.nodes, training=training)
            recalled = ops.matmul(nodes, self.recall[step])
            z = ops.transpose(rows, (1, 0, 2)) + recalled
            if self.use_bias:
                z = z + self.bias[step]
            z = self.activation(z)
        return graph.unflat(ops.mean(z, axis=0))

    def get_config(self):
        return {
            **super().get_config(),
            "stacks": self.stacks,
            "steps": self.steps,
            "dropout": self.dropout,
        }
