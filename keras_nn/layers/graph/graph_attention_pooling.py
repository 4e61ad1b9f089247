import keras

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_softmax
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphAttentionPooling(keras.layers.Layer):
    """One vector a graph: the mean of its nodes, weighted by attention.

    `y[g] = sum over nodes n of g of softmax(x[n] . w + b) x[n]`; 0 for a
    graph without nodes, which padding is

    Args:
        kernel_initializer: initializer of `w`. Defaults to
            `"glorot_uniform"`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A float tensor of shape `(packs, graphs, features)`; without
        `graph_ids` a pack is one graph.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[[3.0], [3.0], [9.0]]]),
    ...     "edge_index": ops.array([[[0, 1]]]),
    ...     "graph_ids": ops.array([[0, 0, -1]]),
    ...     "graph_mask": ops.array([[True, False]]),
    ... }
    >>> print(ops.convert_to_numpy(GraphAttentionPooling()(graph))[0, :, 0])
    [3. 0.]

    Reference:
        [Li et al., 2016](https://arxiv.org/abs/1511.05493), section 3.3.
    """

    def __init__(self, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.gate = keras.layers.Dense(
            1,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="gate",
        )

    def build(self, input_shape):
        self.gate.build((None, input_shape["node_features"][-1]))

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        attention = segment_softmax(self.gate(graph.nodes), ids, count)
        y = segment_sum(attention * graph.nodes, ids, count)
        return graph.unflat_graphs(y)

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        return (*packs, input_shape.get("graph_mask", (1,))[-1], features)

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
