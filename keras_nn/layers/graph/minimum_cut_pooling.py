import keras
from keras import ops

from keras_nn.layers.graph.cluster_pooling import ClusterPooling
from keras_nn.layers.graph.cluster_pooling import root


@keras.saving.register_keras_serializable(package="keras_nn")
class MinimumCutPooling(ClusterPooling):
    """Graphs become clusters between which few edges lead (MinCut).

    `S = softmax(X W + b)`, `X' = S^T X`, `A' = D^(-1/2) (S^T A S, its diagonal
    0) D^(-1/2)`; two losses are added, `-tr(S^T A S) / tr(S^T D S)` and
    `|S^T S / |S^T S| - I / sqrt(clusters)|`

    Args:
        clusters: int. Clusters of a graph.
        kernel_initializer: initializer of `W`. Defaults to
            `"glorot_uniform"`.
        cut_weight: float. Weight of the first loss. Defaults to 1.
        orthogonality_weight: float. Weight of the second loss. Defaults to 1.
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
    >>> y = MinimumCutPooling(2)(graph)
    >>> tuple(y["node_features"].shape), tuple(y["edge_weights"].shape)
    ((1, 2, 2), (1, 4))

    Reference:
        [Bianchi et al., 2020](https://arxiv.org/abs/1907.00481)
    """

    def __init__(
        self,
        clusters,
        kernel_initializer="glorot_uniform",
        cut_weight=1.0,
        orthogonality_weight=1.0,
        **kwargs,
    ):
        weights = {
            "cut_weight": cut_weight,
            "orthogonality_weight": orthogonality_weight,
        }
        super().__init__(clusters, kernel_initializer, weights, **kwargs)

    def finish(self, parts):
        identity = ops.eye(self.clusters)
        within = ops.sum(parts.adjacency * identity, axis=(1, 2))
        # tr(S^T D S), D being what leads to every node.
        shares = ops.sum(ops.square(parts.target), axis=-1)
        volume = parts.of_edges(parts.weights * shares)
        some = volume > 0
        volume = ops.where(some, volume, ops.ones_like(volume))
        cut = ops.where(some, -within / volume, ops.zeros_like(volume))
        length = root(ops.sum(ops.square(parts.overlap), axis=(1, 2)))
        length = ops.maximum(length, 1e-7)[:, None, None]
        apart = parts.overlap / length - identity / self.clusters**0.5
        apart = root(ops.sum(ops.square(apart), axis=(1, 2)))
        losses = {"cut_weight": cut, "orthogonality_weight": apart}
        between = parts.adjacency * (1 - identity)
        degree = root(ops.sum(between, axis=-1)) + 1e-15
        return between / degree[:, None] / degree[:, :, None], losses
