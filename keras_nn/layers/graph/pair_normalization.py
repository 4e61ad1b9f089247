import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_mean
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class PairNormalization(keras.layers.Layer):
    """Keeps the nodes of a graph as far apart as before (PairNorm).

    `y = scale * c / sqrt(mean(|c|^2) + epsilon)` with `c = x - mean`, means
    over the nodes of the same graph; padding counts nowhere and becomes
    0

    Args:
        scale: float. Root mean square distance from the centre. Defaults
            to 1.
        epsilon: float, added to the mean square. Defaults to 1e-5.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A float tensor of the shape of `node_features`.

    Raises:
        ValueError: if `scale` is not positive.

    Example:

    >>> graph = {"node_features": ops.array([[1.0], [3.0]])}
    >>> graph["edge_index"] = ops.array([[0, 1]])
    >>> y = PairNormalization(scale=2.0, epsilon=0.0)(graph)
    >>> print(ops.convert_to_numpy(y)[:, 0])
    [-2.  2.]

    Reference:
        [Zhao and Akoglu, 2020](https://arxiv.org/abs/1909.12223)
    """

    def __init__(self, scale=1.0, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        if scale <= 0:
            raise ValueError(f"`scale` must be positive. Received: {scale=}")
        self.scale = scale
        self.epsilon = epsilon

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        # Half precision cannot sum the squares of many nodes.
        nodes = ops.cast(graph.nodes, "float32")
        centred = nodes - take_rows(segment_mean(nodes, ids, count), ids)
        length = ops.sum(ops.square(centred), axis=-1, keepdims=True)
        square = segment_mean(length, ids, count)
        factor = self.scale * ops.rsqrt(square + self.epsilon)
        y = ops.cast(centred * take_rows(factor, ids), graph.nodes.dtype)
        # Padding would else show another graph's statistics.
        known = ops.expand_dims(ids < count, -1)
        return graph.unflat(ops.where(known, y, ops.zeros_like(y)))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["node_features"])

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "epsilon": self.epsilon,
        }
