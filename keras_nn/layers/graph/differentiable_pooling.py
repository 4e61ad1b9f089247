import keras
from keras import ops

from keras_nn.layers.graph.cluster_pooling import ClusterPooling
from keras_nn.layers.graph.cluster_pooling import root
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class DifferentiablePooling(ClusterPooling):
    """Graphs become clusters of nodes that are neighbours (DiffPool).

    `S = softmax(X W + b)`, `X' = S^T X`, `A' = S^T A S`; two losses are added,
    `|A - S S^T| / nodes^2` and the mean over nodes of the entropy of `S`

    Args:
        clusters: int. Clusters of a graph.
        kernel_initializer: initializer of `W`. Defaults to
            `"glorot_uniform"`.
        link_weight: float. Weight of the first loss. Defaults to 1.
        entropy_weight: float. Weight of the second loss. Defaults to 1.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`; `edge_weights` are used.

    Returns:
        A dict of packs whose nodes are clusters: `node_features` of shape
        `(packs, graphs * clusters, features)`, `edge_index` and
        `edge_weights` from all clusters of a graph to all, `node_mask`,
        `graph_ids` and `graph_mask`.

    Raises:
        ValueError: if `clusters` is below 2.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> y = DifferentiablePooling(2)(graph)
    >>> tuple(y["node_features"].shape), tuple(y["edge_weights"].shape)
    ((1, 2, 2), (1, 4))

    Reference:
        [Ying et al., 2018](https://arxiv.org/abs/1806.08804)
    """

    def __init__(
        self,
        clusters,
        kernel_initializer="glorot_uniform",
        link_weight=1.0,
        entropy_weight=1.0,
        **kwargs,
    ):
        weights = {"link_weight": link_weight, "entropy_weight": entropy_weight}
        super().__init__(clusters, kernel_initializer, weights, **kwargs)

    def finish(self, parts):
        near = ops.sum(parts.source * parts.target, axis=-1)
        square = parts.of_edges(parts.weights * _totals(parts.graph))
        square = square - 2 * parts.of_edges(parts.weights * near)
        square = square + ops.sum(ops.square(parts.overlap), axis=(1, 2))
        size = ops.maximum(parts.size, 1.0)
        link = root(square) / ops.square(size)
        nats = -parts.shares * ops.log(parts.shares + 1e-15)
        entropy = parts.of_nodes(ops.sum(nats, axis=-1)) / size
        losses = {"link_weight": link, "entropy_weight": entropy}
        return parts.adjacency, losses


def _totals(graph):
    """For every edge the weight of all edges between the same nodes."""
    weights = graph.weights("float32")
    order = ops.argsort(graph.source)
    order = ops.take(order, ops.argsort(ops.take(graph.target, order)))
    pairs = ops.stack([graph.source, graph.target], axis=-1)
    pairs = ops.take(pairs, order, axis=0)
    other = ops.any(pairs[1:] != pairs[:-1], axis=-1)
    group = ops.cumsum(ops.cast(other, "int32"))
    # Of no edges there is no first one.
    first = ops.zeros_like(ops.cast(order[:1], "int32"))
    group = ops.concatenate([first, group])
    count = ops.shape(graph.source)[0]
    total = segment_sum(ops.take(weights, order), group, count)
    return ops.take(ops.take(total, group), ops.argsort(order))
