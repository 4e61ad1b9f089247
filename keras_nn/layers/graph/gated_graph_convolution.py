import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class GatedGraphConvolution(GraphProjection):
    """A recurrent cell at every node reads what the neighbours send (GGNN).

    `x[t] <- GRU(sum over (s, t) of x[s] W_k, x[t])` for `k < steps`, from the
    features on, which are padded with zeros to `units`

    Args:
        units: int. Size of the state, at least the number of features.
        steps: int. Rounds, each with a kernel of its own. Defaults to 2.
        **kwargs: `use_bias`, `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `steps` is not positive, or there are more
            features than units.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(GatedGraphConvolution(4, steps=3)(graph).shape)
    (1, 3, 4)

    Reference:
        [Li et al., 2016](https://arxiv.org/abs/1511.05493)
    """

    def __init__(self, units, steps=2, **kwargs):
        super().__init__(units, **kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        if features > self.units:
            raise ValueError(
                "`units` must be at least the number of features. Received: "
                f"units={self.units}, {features} features"
            )
        gates = 3 * self.units  # update, reset, new
        self.kernels = self.add_kernels(
            "kernel", self.steps, self.units, self.units
        )
        self.input_kernel = self.add_kernel("input_kernel", self.units, gates)
        self.state_kernel = self.add_kernel("state_kernel", self.units, gates)
        self.input_bias = self.add_bias(gates, name="input_bias")
        self.state_bias = self.add_bias(gates, name="state_bias")

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        missing = self.units - graph.nodes.shape[-1]
        nodes = ops.pad(graph.nodes, ((0, 0), (0, missing)))
        for step in range(self.steps):
            sent = ops.matmul(nodes, self.kernels[step])
            nodes = self._gated(self.propagate(graph, sent), nodes)
        return graph.unflat(self.activation(nodes))

    def _gated(self, received, state):
        new = ops.matmul(received, self.input_kernel)
        old = ops.matmul(state, self.state_kernel)
        if self.use_bias:
            new, old = (
                ops.add(new, self.input_bias),
                ops.add(old, self.state_bias),
            )
        update_new, reset_new, new = ops.split(new, 3, axis=-1)
        update_old, reset_old, old = ops.split(old, 3, axis=-1)
        update = ops.sigmoid(update_new + update_old)
        reset = ops.sigmoid(reset_new + reset_old)
        return update * state + (1 - update) * ops.tanh(new + reset * old)

    def get_config(self):
        return {**super().get_config(), "steps": self.steps}
