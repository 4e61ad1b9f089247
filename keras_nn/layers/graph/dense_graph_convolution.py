import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseGraphConvolution(GraphProjection):
    """A graph convolution (GCN) of a matrix instead of a list of edges.

    `Y = activation(D^(-1/2) (A + self_loops I) D^(-1/2) X W + b)`, where a
    node with an edge to itself keeps that instead; padding becomes 0

    Args:
        units: int. Features of a node that come out.
        self_loops: float. Weight of a node for itself. Defaults to 1.
        **kwargs: `activation`, `use_bias`, `kernel_initializer`,
            `bias_initializer`, `kernel_regularizer` as of `Dense`; `name`,
            `dtype`.

    Call arguments:
        inputs: dict of `node_features` of shape `(packs, nodes, features)`,
            `adjacency` of shape `(packs, nodes, nodes)`, see
            `AdjacencyMatrix`, and perhaps `node_mask`: what leads from or to
            padding does not count.

    Returns:
        A float tensor of shape `(packs, nodes, units)`.

    Raises:
        ValueError: if `units` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "adjacency": ops.ones((1, 3, 3)),
    ... }
    >>> tuple(DenseGraphConvolution(4)(graph).shape)
    (1, 3, 4)

    Reference:
        [Kipf and Welling, 2017](https://arxiv.org/abs/1609.02907)
    """

    def __init__(self, units, self_loops=1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.self_loops = self_loops

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.kernel = self.add_kernel("kernel", features, self.units)
        self.bias = self.add_bias(self.units)

    def call(self, inputs):
        nodes = inputs["node_features"]
        # Half precision cannot sum the weights of many edges.
        matrix = ops.cast(inputs["adjacency"], "float32")
        mask = inputs.get("node_mask")
        if mask is not None:
            mask = ops.cast(mask, "float32")
            matrix = matrix * mask[:, :, None] * mask[:, None]
        identity = ops.eye(ops.shape(matrix)[-1], dtype="float32")
        own = ops.sum(matrix * identity, axis=-1, keepdims=True)
        added = ops.where(own == 0, self.self_loops, 0.0)
        matrix = matrix + added * identity
        degree = ops.sum(matrix, axis=-1)
        positive = degree > 0
        scale = ops.rsqrt(ops.where(positive, degree, ops.ones_like(degree)))
        scale = ops.where(positive, scale, ops.zeros_like(scale))
        matrix = matrix * scale[:, :, None] * scale[:, None]
        y = ops.matmul(nodes, self.kernel)
        y = self.finish(ops.matmul(ops.cast(matrix, y.dtype), y))
        if mask is None:
            return y
        return y * ops.cast(mask, y.dtype)[..., None]

    def get_config(self):
        return {**super().get_config(), "self_loops": self.self_loops}
