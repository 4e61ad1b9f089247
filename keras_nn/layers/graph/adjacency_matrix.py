import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class AdjacencyMatrix(keras.layers.Layer):
    """The edges of every pack as a matrix: `A[t, s]` is the weight from s to t.

    Weights of edges that repeat add up.

    Args:
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of shape `(packs, nodes, nodes)`.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 2, 1)),
    ...     "edge_index": ops.array([[[0, 1], [0, 1], [-1, -1]]]),
    ... }
    >>> print(ops.convert_to_numpy(AdjacencyMatrix()(graph))[0])
    [[0. 0.]
     [2. 0.]]
    """

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes = graph.shape[-2]
        packs = graph.shape[:-2]
        # Source within its pack; the target tells which pack it is.
        place = graph.target * nodes + ops.mod(graph.source, nodes)
        known = graph.target < graph.num_nodes
        count = graph.num_nodes * nodes
        place = ops.where(known, place, ops.cast(count, place.dtype))
        weights = graph.weights(self.compute_dtype)
        matrix = segment_sum(weights, place, count)
        return ops.reshape(matrix, (*packs, nodes, nodes))

    def compute_output_shape(self, input_shape):
        *packs, nodes, _ = input_shape["node_features"]
        return (*packs, nodes, nodes)
