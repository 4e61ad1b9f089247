import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_mean
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphNormalization(keras.layers.Layer):
    """Normalises the features of every graph over its nodes (GraphNorm).

    `y = gamma (x - alpha mean) / sqrt(mean((x - alpha mean)^2) + epsilon) +
    beta`, feature by feature, means over the nodes of the same graph; padding
    counts nowhere and becomes 0

    Args:
        epsilon: float, added to the variance. Defaults to 1e-5.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`; `node_features`, and
            `graph_ids` with `graph_mask`, or else a pack is one graph, of
            the nodes of `node_mask` if there is one.

    Returns:
        A float tensor of the shape of `node_features`.

    Example:

    >>> graph = {"node_features": ops.array([[1.0], [3.0]])}
    >>> graph["edge_index"] = ops.array([[0, 1]])
    >>> y = GraphNormalization(epsilon=0.0)(graph)
    >>> print(ops.convert_to_numpy(y)[:, 0])
    [-1.  1.]

    Reference:
        [Cai et al., 2021](https://arxiv.org/abs/2009.03294)
    """

    def __init__(self, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        shape = (input_shape["node_features"][-1],)
        self.gamma = self.add_weight(
            name="gamma", shape=shape, initializer="ones"
        )
        self.beta = self.add_weight(
            name="beta", shape=shape, initializer="zeros"
        )
        self.alpha = self.add_weight(
            name="alpha", shape=shape, initializer="ones"
        )

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        # Half precision cannot sum the squares of many nodes.
        nodes = ops.cast(graph.nodes, "float32")
        mean = segment_mean(nodes, ids, count)
        y = nodes - take_rows(mean, ids) * ops.cast(self.alpha, "float32")
        variance = segment_mean(ops.square(y), ids, count)
        scale = ops.rsqrt(variance + self.epsilon)
        y = ops.cast(y * take_rows(scale, ids), graph.nodes.dtype)
        y = y * ops.cast(self.gamma, y.dtype) + ops.cast(self.beta, y.dtype)
        # Padding would else show another graph's statistics.
        known = ops.expand_dims(ids < count, -1)
        return graph.unflat(ops.where(known, y, ops.zeros_like(y)))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["node_features"])

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
