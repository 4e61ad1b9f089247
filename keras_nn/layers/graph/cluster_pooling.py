import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.output_spec import output_spec
from keras_nn.ops import segment_sum
from keras_nn.ops import take_rows


class ClusterPooling(keras.layers.Layer):
    """Every graph becomes as many clusters, each node a share of all. Abstract.

    `S = softmax(X W + b)`, `X' = S^T X`, `A' = S^T A S`, where `A[t, s]` is
    the weight of the edges from `s` to `t`

    A subclass defines `finish(parts)`, which returns `A'` as it shall be,
    `(all graphs, clusters, clusters)`, and its losses `(all graphs,)` by the
    name of their weight. Their means over graphs, weighed so, are added.

    Args:
        clusters: int. Clusters of a graph.
        kernel_initializer: initializer of `W`.
        loss_weights: dict of floats or None: the weights of the losses by their
            names, which become attributes and are part of the config.
        **kwargs: `name`, `dtype`.

    Raises:
        ValueError: if `clusters` is below 2.
    """

    def __init__(
        self,
        clusters,
        kernel_initializer="glorot_uniform",
        loss_weights=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if clusters < 2:
            raise ValueError(
                f"`clusters` must be at least 2. Received: {clusters=}"
            )
        self.clusters = clusters
        for name, weight in (loss_weights or {}).items():
            setattr(self, name, weight)
        self._loss_weights = tuple(loss_weights or ())
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.assignment = keras.layers.Dense(
            clusters,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="assignment",
        )

    def build(self, input_shape):
        self.assignment.build((None, input_shape["node_features"][-1]))

    def finish(self, parts):
        """The weights between clusters as they shall be, and the losses."""
        raise TypeError(
            f"{type(self).__name__} must implement `finish`. Received: a "
            "subclass of ClusterPooling without it"
        )

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        parts = Assigned(graph, self.assignment(graph.nodes))
        weights, losses = self.finish(parts)
        for name, values in losses.items():
            self.add_loss(getattr(self, name) * parts.mean(values))
        count = self.clusters
        packs = graph.shape[:-2]
        per_pack = 1
        if "graph_ids" in inputs:
            per_pack = ops.shape(inputs["graph_mask"])[-1]
        # (graphs, target, source) of clusters of a pack, all with all.
        number = ops.reshape(
            ops.arange(per_pack * count, dtype="int32"), (-1, count)
        )
        shape = (per_pack, count, count)
        source = ops.broadcast_to(number[:, None], shape)
        target = ops.broadcast_to(number[:, :, None], shape)
        edges = ops.reshape(ops.stack([source, target], -1), (-1, 2))
        there = ops.reshape(parts.size > 0, (*packs, per_pack))
        mask = ops.repeat(there, count, axis=-1)
        known = ops.repeat(there, count * count, axis=-1)[..., None]
        ids = ops.repeat(ops.arange(per_pack, dtype="int32"), count)
        return {
            "node_features": ops.reshape(
                ops.cast(parts.features, graph.nodes.dtype),
                (*packs, per_pack * count, graph.nodes.shape[-1]),
            ),
            "edge_index": ops.where(known, edges, -1),
            "edge_weights": ops.reshape(
                ops.cast(weights, graph.nodes.dtype), (*packs, -1)
            ),
            "node_mask": mask,
            "graph_ids": ops.where(mask, ids, -1),
            "graph_mask": there,
        }

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        graphs = input_shape.get("graph_mask", (1,))[-1]
        nodes = None if graphs is None else graphs * self.clusters
        edges = None if graphs is None else nodes * self.clusters
        return {
            "node_features": (*packs, nodes, features),
            "edge_index": (*packs, edges, 2),
            "edge_weights": (*packs, edges),
            "node_mask": (*packs, nodes),
            "graph_ids": (*packs, nodes),
            "graph_mask": (*packs, graphs),
        }

    def compute_output_spec(self, inputs):
        dtypes = {
            "node_features": self.compute_dtype,
            "edge_index": "int32",
            "edge_weights": self.compute_dtype,
            "node_mask": "bool",
            "graph_ids": "int32",
            "graph_mask": "bool",
        }
        shapes = {key: value.shape for key, value in inputs.items()}
        return output_spec(self.compute_output_shape(shapes), dtypes)

    def get_config(self):
        return {
            **super().get_config(),
            "clusters": self.clusters,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
            **{name: getattr(self, name) for name in self._loss_weights},
        }


class Assigned:
    """Graphs with a share of every node in every cluster, in float32.

    Args:
        graph: `FlatGraph`.
        scores: float tensor `(num_nodes, clusters)`, before the softmax.

    Attributes:
        shares: `(num_nodes, clusters)`, 0 for padding.
        size: `(all graphs,)`, the number of nodes.
        features: `(all graphs, clusters, features)`.
        adjacency: `(all graphs, clusters, clusters)`.
        overlap: `S^T S` of every graph, of the same shape.
    """

    def __init__(self, graph, scores):
        self.graph = graph
        self.ids, self.count = graph.graph_ids()
        known = ops.cast(self.ids < self.count, "float32")[:, None]
        shares = ops.softmax(ops.cast(scores, "float32"), axis=-1)
        self.shares = shares * known
        nodes = ops.cast(graph.nodes, "float32")
        self.size = self.of_nodes(known[:, 0])
        self.features = self.of_nodes(self.shares[:, :, None] * nodes[:, None])
        self.overlap = self.of_nodes(
            self.shares[:, :, None] * self.shares[:, None]
        )
        self.weights = graph.weights("float32")
        self.source = graph.of_source(self.shares)
        self.target = graph.of_target(self.shares)
        both = self.target[:, :, None] * self.source[:, None]
        self.adjacency = self.of_edges(self.weights[:, None, None] * both)

    def of_nodes(self, values):
        """Sums over the nodes of every graph."""
        return segment_sum(values, self.ids, self.count)

    def of_edges(self, values):
        """Sums over the edges of every graph."""
        outside = ops.cast(self.count, self.ids.dtype)
        known = self.graph.target < self.graph.num_nodes
        ids = take_rows(self.ids, self.graph.target)
        return segment_sum(values, ops.where(known, ids, outside), self.count)

    def mean(self, values):
        """The mean over packs of the mean over the graphs of a pack."""
        packs = self.graph.shape[0] if len(self.graph.shape) == 3 else 1
        there = ops.cast(self.size > 0, "float32")
        total = ops.sum(ops.reshape(values * there, (packs, -1)), axis=-1)
        count = ops.sum(ops.reshape(there, (packs, -1)), axis=-1)
        return ops.mean(total / ops.maximum(count, 1.0))


def root(square):
    """The square root, whose gradient at 0 is 0."""
    some = square > 0
    value = ops.sqrt(ops.where(some, square, ops.ones_like(square)))
    return ops.where(some, value, ops.zeros_like(value))
