import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.layers.graph.known_types import check_types
from keras_nn.layers.graph.known_types import typed_targets
from keras_nn.ops import segment_mean


@keras.saving.register_keras_serializable(package="keras_nn")
class FiLMConvolution(GraphProjection):
    """The receiver scales and shifts what it is told (GNN-FiLM).

    `y[t] = a(g(x[t]) * x[t] V + h(x[t])) + sum over types r of (mean over
    (s, t) of type r of a(g_r(x[t]) * x[s] W_r + h_r(x[t])))`, with linear `g`
    and `h`, those of types with a bias

    Args:
        units: int. Features of a node that come out.
        num_types: int. Types of edges; those outside of `0 .. num_types - 1`
            send nothing. With 1, `edge_types` are not looked at. Defaults to
            1.
        activation: str or callable. The `a` above. Defaults to `"relu"`.
        **kwargs: `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; with more than one type
            `edge_types` are needed. Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `num_types` is not positive, or edges have
            no types.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(FiLMConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Brockschmidt, 2020](https://arxiv.org/abs/1906.12192)
    """

    def __init__(self, units, num_types=1, activation="relu", **kwargs):
        super().__init__(units, activation=activation, **kwargs)
        if num_types < 1:
            raise ValueError(
                f"`num_types` must be positive. Received: {num_types=}"
            )
        self.num_types = num_types

    def build(self, input_shape):
        if self.num_types > 1:
            check_types(input_shape, "edge_types")
        features = input_shape["node_features"][-1]
        self.own_kernel = self.add_kernel("own_kernel", features, self.units)
        self.own_film = self.add_kernel("own_film", features, 2 * self.units)
        self.kernels = self.add_kernels(
            "kernel", self.num_types, features, self.units
        )
        self.films = self.add_kernels(
            "film", self.num_types, features, 2 * self.units
        )
        self.bias = self.add_weight(
            name="film_bias",
            shape=(self.num_types, 2 * self.units),
            initializer=self.bias_initializer,
        )

    def propagate(self, graph, nodes):
        shift, scale = ops.split(ops.matmul(nodes, self.own_film), 2, axis=-1)
        own = scale * ops.matmul(nodes, self.own_kernel) + shift
        total = self.activation(own)
        for index in range(self.num_types):
            film = ops.matmul(nodes, self.films[index]) + self.bias[index]
            shift, scale = ops.split(graph.of_target(film), 2, axis=-1)
            sent = graph.of_source(ops.matmul(nodes, self.kernels[index]))
            messages = self.activation(scale * sent + shift)
            target = graph.target
            if self.num_types > 1:
                target = typed_targets(graph, index)
            total = total + segment_mean(messages, target, graph.num_nodes)
        return total

    def get_config(self):
        return {**super().get_config(), "num_types": self.num_types}
