import keras
from keras import ops

from keras_nn.layers import LightGraphConvolution
from keras_nn.models.graph.link_network import LinkNetwork
from keras_nn.models.graph.link_network import reconstruction

OBJECTIVES = ("ranking", "links")


@keras.saving.register_keras_serializable(package="keras_nn")
class LightGCN(LinkNetwork):
    """What to recommend: vectors of users and items, smoothed on the graph.

    `z = 1 / (depth + 1) sum over k of P^k x`, `P = D^(-1/2) A D^(-1/2)`, with
    a learnt vector `x` for every node; the score of a pair is `z[s] . z[t]`,
    the loss of a pair and one drawn for it (Bayesian personalised ranking)
    `-log sigmoid(score - score of the drawn) + regularization |x|^2 / pairs`

    `fit(split.ordered(keep_source=True))` of a
    `keras_nn.data.graphs.LinkSplit`; no loss is compiled.

    Args:
        num_nodes: int. Users and items together.
        units: int. Size of a vector. Defaults to 64.
        depth: int. Rounds of smoothing. Defaults to 3.
        objective: `"ranking"`, or `"links"` for the loss of `GAE`. Defaults to
            `"ranking"`, which takes batches whose second half answers the
            first, as `LinkBatches` makes them.
        regularization: float. Weight of the squares. Defaults to 1e-4.
        embeddings_initializer: initializer of the vectors. Defaults to
            `"glorot_uniform"`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: dict, as of `GAE`; features of nodes are not used.

    Returns:
        Scores of shape `(packs, links)`, or without `link_index` the vectors,
        `(packs, nodes, units)`.

    Raises:
        ValueError: if a number is not positive, or on another objective.

    Example:

    >>> edges = [[0, 2], [2, 0], [1, 2], [2, 1], [1, 3], [3, 1]]
    >>> graph = {
    ...     "node_features": ops.ones((1, 4, 1)),
    ...     "edge_index": ops.array([edges]),
    ... }
    >>> model = LightGCN(4, units=8)
    >>> tuple(model(graph).shape), model.recommend(graph, [0], [2, 3], 1).shape
    ((1, 4, 8), (1, 1))

    Reference:
        [He et al., 2020](https://arxiv.org/abs/2002.02126)
    """

    def __init__(
        self,
        num_nodes,
        units=64,
        depth=3,
        objective="ranking",
        regularization=1e-4,
        embeddings_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(num_nodes, units, depth) < 1:
            raise ValueError(
                "`num_nodes`, `units` and `depth` must be positive. Received: "
                f"{num_nodes=}, {units=}, {depth=}"
            )
        if objective not in OBJECTIVES:
            raise ValueError(
                f"`objective` must be one of {OBJECTIVES}. Received: "
                f"{objective=}"
            )
        self.num_nodes = num_nodes
        self.units = units
        self.depth = depth
        self.objective = objective
        self.regularization = regularization
        self.embeddings_initializer = keras.initializers.get(
            embeddings_initializer
        )
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(num_nodes, units),
            initializer=self.embeddings_initializer,
        )
        self.smoothing = LightGraphConvolution(
            dtype=self.dtype_policy, name="smoothing"
        )
        self.built = True

    def encode(self, inputs, training=None):
        x = ops.cast(self.embeddings, self.compute_dtype)
        features = inputs["node_features"]
        if features.shape[-2] not in (None, self.num_nodes):
            raise ValueError(
                f"The graph must have num_nodes={self.num_nodes}. Received: "
                f"{features.shape[-2]} nodes"
            )
        if len(features.shape) == 3:
            shape = (ops.shape(features)[0], self.num_nodes, self.units)
            x = ops.broadcast_to(x, shape)
        total = x
        for _ in range(self.depth):
            x = self.smoothing({**inputs, "node_features": x})
            total = total + x
        return total / (self.depth + 1)

    def link_loss(self, y, logits, weights):
        if self.objective == "links":
            return reconstruction(y, logits, weights)
        there, drawn = ops.split(logits, 2, axis=-1)
        weights = ops.split(weights, 2, axis=-1)[0]
        pairs = ops.maximum(ops.sum(weights, axis=-1), 1.0)
        ranking = ops.sum(weights * ops.softplus(drawn - there), axis=-1)
        vectors = ops.cast(self.embeddings, "float32")
        squares = self.regularization * ops.sum(ops.square(vectors))
        return (ranking + squares) / pairs

    def recommend(self, graph, sources, targets, k):
        """The `k` best of some targets for each source.

        Args:
            graph: dict of one graph, as the model is called on; of a batch of
                packs the first.
            sources: int array `(n,)`.
            targets: int array of candidates.
            k: int.

        Returns:
            An int array `(n, k)` of nodes, the best first.
        """
        codes = ops.convert_to_numpy(self.encode(graph))
        codes = codes.reshape(-1, self.num_nodes, self.units)[0]
        scores = codes[ops.convert_to_numpy(sources)]
        targets = ops.convert_to_numpy(targets)
        best = (-(scores @ codes[targets].T)).argsort(axis=1, kind="stable")
        return targets[best[:, :k]]

    def get_config(self):
        return {
            **super().get_config(),
            "num_nodes": self.num_nodes,
            "units": self.units,
            "depth": self.depth,
            "objective": self.objective,
            "regularization": self.regularization,
            "embeddings_initializer": keras.initializers.serialize(
                self.embeddings_initializer
            ),
        }
