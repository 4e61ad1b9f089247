import keras
from keras import ops

from keras_nn.layers.graph.node_selection import NodeSelection


@keras.saving.register_keras_serializable(package="keras_nn")
class TopKPooling(NodeSelection):
    """Keeps the nodes of every graph that point into a learnt direction.

    `y[n] = tanh(x[n] . p / |p|) x[n]` for the `ceil(ratio * nodes)` best of a
    graph; the others become padding, and so do their edges: shapes stay as
    they are

    Args:
        ratio: float. Share of the nodes of a graph that is kept. Defaults to
            0.5.
        kernel_initializer: initializer of `p`. Defaults to
            `"glorot_uniform"`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A dict of what changes: `node_features`, `edge_index`, `node_mask`, and
        `graph_ids` where there are some. The smaller graph is `{**graph,
        **pooling(graph)}`.

    Raises:
        ValueError: if `ratio` is not in `(0, 1]`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[[1.0], [3.0], [2.0]]]),
    ...     "edge_index": ops.array([[[0, 1], [1, 2]]]),
    ... }
    >>> y = TopKPooling(0.5, kernel_initializer="ones")(graph)
    >>> print(ops.convert_to_numpy(y["node_mask"]))
    [[False  True  True]]
    >>> print(ops.convert_to_numpy(y["edge_index"])[0, 0])
    [-1 -1]

    Reference:
        [Gao and Ji, 2019](https://arxiv.org/abs/1905.05178)
    """

    def __init__(
        self, ratio=0.5, kernel_initializer="glorot_uniform", **kwargs
    ):
        super().__init__(ratio, **kwargs)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_weight(
            name="kernel",
            shape=(features,),
            initializer=self.kernel_initializer,
        )

    def scores(self, inputs, graph):
        kernel = ops.cast(self.kernel, "float32")
        kernel = kernel / ops.sqrt(ops.sum(ops.square(kernel)))
        return ops.matmul(graph.nodes, ops.cast(kernel, graph.nodes.dtype))

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
