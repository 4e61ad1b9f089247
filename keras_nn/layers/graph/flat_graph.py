import dataclasses

from keras import ops

from keras_nn.ops import propagate_rows
from keras_nn.ops import segment_sum
from keras_nn.ops import take_rows


@dataclasses.dataclass(frozen=True)
class FlatGraph:
    """A batch of packs as one large graph, for the inside of layers.

    Args:
        graph: dict, what `keras_nn.data.graphs.pack` makes, or one graph
            without the axis of packs.
        shape: tuple. Of `graph["node_features"]`.
        num_nodes: int or scalar tensor. Nodes of all packs, padding included.
        nodes: float tensor of shape `(num_nodes, features)`.
        source: int tensor of shape `(edges,)`.
        target: int tensor of shape `(edges,)`; `num_nodes` for an edge with
            an end that is no node, which segment operations drop.
        edge_weights: float tensor of shape `(edges,)` or None.
        edge_features: float tensor of shape `(edges, features)` or None.
        edge_types: int tensor of shape `(edges,)` or None.
        node_types: int tensor of shape `(num_nodes,)` or None.
        positions: float tensor of shape `(num_nodes, dimensions)` or None.
    """

    graph: dict
    shape: tuple
    num_nodes: object
    nodes: object
    source: object
    target: object
    edge_weights: object = None
    edge_features: object = None
    edge_types: object = None
    node_types: object = None
    positions: object = None

    @classmethod
    def of(cls, graph):
        """The flat form of a dict of tensors."""
        features = graph["node_features"]
        shape = ops.shape(features)
        nodes = shape[-2]
        edges = graph["edge_index"]
        known = ops.logical_and(edges >= 0, edges < nodes)
        known = ops.all(known, axis=-1, keepdims=True)
        num_nodes = nodes
        if len(features.shape) == 3:
            num_nodes = shape[0] * nodes
            start = ops.arange(shape[0], dtype=edges.dtype) * nodes
            edges = edges + ops.reshape(start, (-1, 1, 1))
        outside = ops.cast(num_nodes, edges.dtype)
        edges = ops.reshape(ops.where(known, edges, outside), (-1, 2))

        def flat(key, *rest):
            value = graph.get(key)
            return None if value is None else ops.reshape(value, (-1, *rest))

        width, dimensions = (
            getattr(graph.get(key), "shape", (0,))[-1]
            for key in ("edge_features", "node_positions")
        )
        return cls(
            graph=graph,
            shape=shape,
            num_nodes=num_nodes,
            nodes=ops.reshape(features, (-1, features.shape[-1])),
            source=edges[:, 0],
            target=edges[:, 1],
            edge_weights=flat("edge_weights"),
            edge_features=flat("edge_features", width),
            edge_types=flat("edge_types"),
            node_types=flat("node_types"),
            positions=flat("node_positions", dimensions),
        )

    def of_source(self, nodes):
        """The row of every edge's source: `(edges, ...)`."""
        return take_rows(nodes, self.source)

    def of_target(self, nodes):
        """The row of every edge's target: `(edges, ...)`."""
        return take_rows(nodes, self.target)

    def send(self, nodes, weights=None):
        """The sum of the sources of every node, each times its weight.

        Args:
            nodes: float tensor of shape `(num_nodes, ...)`.
            weights: float tensor of shape `(edges,)` or None.
        """
        ends = self.source, self.target
        return propagate_rows(nodes, *ends, self.num_nodes, weights)

    def weighted(self, messages):
        """Messages `(edges, features)` times the weights of their edges."""
        if self.edge_weights is None:
            return messages
        return messages * ops.expand_dims(self.edge_weights, -1)

    def weights(self, dtype):
        """The weight of every edge, 1 where edges have none."""
        if self.edge_weights is None:
            return ops.ones_like(self.source, dtype=dtype)
        return ops.cast(self.edge_weights, dtype)

    def distances(self):
        """The distance between the ends of every edge: `(edges,)`."""
        offset = self.of_source(self.positions) - self.of_target(self.positions)
        square = ops.sum(ops.square(offset), axis=-1)
        # The root has no gradient at 0, where padding and self-loops are.
        apart = square > 0
        root = ops.sqrt(ops.where(apart, square, ops.ones_like(square)))
        return ops.where(apart, root, ops.zeros_like(root))

    def with_self_loops(self):
        """The graph with exactly one edge from every node to itself.

        It weighs what the self-loops of the node weigh, or else 1.
        """
        is_loop = ops.equal(self.source, self.target)
        nowhere = ops.cast(self.num_nodes, self.target.dtype)
        every = ops.arange(self.num_nodes, dtype=self.source.dtype)
        weights = None
        if self.edge_weights is not None:
            loops = ops.where(is_loop, self.target, nowhere)
            ones = ops.ones_like(self.edge_weights)
            count = segment_sum(ones, loops, self.num_nodes)
            total = segment_sum(self.edge_weights, loops, self.num_nodes)
            own = ops.where(count > 0, total, ops.ones_like(total))
            weights = ops.concatenate([self.edge_weights, own])
        target = ops.where(is_loop, nowhere, self.target)
        return dataclasses.replace(
            self,
            source=ops.concatenate([self.source, every]),
            target=ops.concatenate([target, every]),
            edge_weights=weights,
        )

    def graph_ids(self):
        """`(ids, num_graphs)`: the graph of each node; padding has none.

        Without `graph_ids` a pack is one graph.
        """
        packs = self.shape[0] if len(self.shape) == 3 else 1
        per_pack = 1
        if "graph_ids" in self.graph:
            per_pack = ops.shape(self.graph["graph_mask"])[-1]
            ids = ops.cast(self.graph["graph_ids"], "int32")
        else:
            ids = ops.zeros(self.shape[:-1], dtype="int32")
        known = ops.logical_and(ids >= 0, ids < per_pack)
        if "node_mask" in self.graph:
            known = ops.logical_and(known, self.graph["node_mask"])
        if len(self.shape) == 3:
            start = ops.arange(packs, dtype="int32") * per_pack
            ids = ids + ops.expand_dims(start, -1)
        outside = ops.cast(packs * per_pack, "int32")
        ids = ops.where(known, ids, outside)
        return ops.reshape(ids, (-1,)), packs * per_pack

    def unflat(self, nodes):
        """`(num_nodes, features)` in the shape of packs."""
        return ops.reshape(nodes, (*self.shape[:-1], nodes.shape[-1]))

    def unflat_graphs(self, values):
        """`(all graphs, features)` in the shape `(packs, graphs, features)`."""
        packs = self.shape[:1] if len(self.shape) == 3 else ()
        per_pack = 1
        if "graph_ids" in self.graph:
            per_pack = ops.shape(self.graph["graph_mask"])[-1]
        return ops.reshape(values, (*packs, per_pack, values.shape[-1]))
