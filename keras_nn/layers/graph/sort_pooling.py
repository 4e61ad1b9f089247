import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_rows
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class SortPooling(keras.layers.Layer):
    """One vector a graph: its first nodes in the order of a feature.

    `y[g] = [x[n_1], ..., x[n_k]]`, the nodes with the largest last features,
    the largest first; 0 where a graph has fewer

    Args:
        nodes: int. How many nodes of a graph are kept, `k`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A float tensor of shape `(packs, graphs, nodes * features)`; without
        `graph_ids` a pack is one graph.

    Raises:
        ValueError: if `nodes` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[[3.0], [5.0], [4.0]]]),
    ...     "edge_index": ops.array([[[0, 1]]]),
    ... }
    >>> print(ops.convert_to_numpy(SortPooling(2)(graph)))
    [[[5. 4.]]]

    Reference:
        [Zhang et al., 2018](https://ojs.aaai.org/index.php/AAAI/article/view/11782)
    """

    def __init__(self, nodes, **kwargs):
        super().__init__(**kwargs)
        if nodes < 1:
            raise ValueError(f"`nodes` must be positive. Received: {nodes=}")
        self.nodes = nodes

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        order = ops.argsort(-graph.nodes[:, -1])
        rows, _ = segment_rows(
            take_rows(graph.nodes, order),
            ops.take(ids, order),
            count,
            self.nodes,
        )
        width = self.nodes * graph.nodes.shape[-1]
        return graph.unflat_graphs(ops.reshape(rows, (-1, width)))

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        count = input_shape.get("graph_mask", (1,))[-1]
        return (*packs, count, self.nodes * features)

    def get_config(self):
        return {**super().get_config(), "nodes": self.nodes}
