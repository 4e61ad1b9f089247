import keras
from keras import ops

from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.graph_projection import GraphProjection
from keras_nn.ops import segment_count


@keras.saving.register_keras_serializable(package="keras_nn")
class PrincipalNeighbourhood(GraphProjection):
    """Several aggregates, each at several scales of the degree (PNA).

    `y[t] = ([x[t], scale(d[t]) * aggregate over (s, t) of
    ([x[t], x[s]] M + c) for every scale and aggregator] U + b) V + e`, with
    the scales `1`, `log(d + 1) / average` and `average / log(d + 1)`

    Args:
        units: int. Features of a node that come out.
        average_log_degree: float. The mean of `log(d + 1)` over the nodes of
            the training graphs, `d` being the number of incoming edges.
        aggregator: as of `MessagePassing`. Defaults to
            `("mean", "min", "max", "std")`.
        **kwargs: `activation`, `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` or `average_log_degree` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(PrincipalNeighbourhood(4, average_log_degree=0.5)(graph).shape)
    (1, 3, 4)

    Reference:
        [Corso et al., 2020](https://arxiv.org/abs/2004.05718)
    """

    def __init__(
        self,
        units,
        average_log_degree,
        aggregator=("mean", "min", "max", "std"),
        **kwargs,
    ):
        super().__init__(units, aggregator=aggregator, **kwargs)
        if average_log_degree <= 0:
            raise ValueError(
                "`average_log_degree` must be positive. "
                f"Received: {average_log_degree=}"
            )
        self.average_log_degree = average_log_degree

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        build_aggregator(self.aggregator, features)
        ways = aggregation_ways(self.aggregator)
        self.before = self.dense(features, "before")
        self.before.build((None, 2 * features))
        self.after = self.dense(self.units, "after")
        self.after.build((None, (3 * ways + 1) * features))
        self.mix = self.dense(self.units, "mix", self.activation)
        self.mix.build((None, self.units))

    def message(self, graph, nodes):
        pairs = [graph.of_target(nodes), graph.of_source(nodes)]
        return self.before(ops.concatenate(pairs, axis=-1))

    def update(self, graph, nodes, received):
        degree = segment_count(graph.target, graph.num_nodes)
        more = ops.log(degree + 1) / self.average_log_degree
        less = self.average_log_degree / ops.log(ops.maximum(degree, 1) + 1)
        parts = [nodes, received]
        for scale in (more, less):
            scale = ops.expand_dims(ops.cast(scale, received.dtype), -1)
            parts.append(scale * received)
        return self.mix(self.after(ops.concatenate(parts, axis=-1)))

    def get_config(self):
        return {
            **super().get_config(),
            "average_log_degree": self.average_log_degree,
        }
