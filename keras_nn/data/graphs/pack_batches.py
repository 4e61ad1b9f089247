import numpy as np

from keras_nn.data.graphs.budget import choose_budget
from keras_nn.data.graphs.graph import GRAPH_KEYS
from keras_nn.data.graphs.graph import NODE_KEYS
from keras_nn.data.graphs.graph import check_graph
from keras_nn.data.graphs.graph_split import joined
from keras_nn.data.graphs.pack import MISSING
from keras_nn.data.graphs.pack import check_fits
from keras_nn.data.graphs.pack import check_same_kind
from keras_nn.data.ordered_batches import OrderedBatches


class PackBatches(OrderedBatches):
    """Batches of packs of graphs, all of one shape, in a known order.

    A batch is `(x, y, sample_weight)`: what `pack` makes of its graphs, their
    targets, and 1 for a graph, 0 for padding. The graphs of a batch are dealt
    out to its packs in order; a smaller last batch is padded, so that there
    is one shape for XLA and a pack for every replica.

    Args:
        split: `GraphSplit`.
        batch_size: int. Graphs in a batch.
        shuffle: bool. Whether to draw them in random order, another one in
            every pass.
        seed: int. Of the order.
        packs: int. Packs in a batch. Defaults to 1.

    Raises:
        ValueError: If there is no graph, a graph is wrong or larger than the
            budget of the split, or `batch_size` is no multiple of `packs`.

    Example:

    >>> from keras_nn.data.graphs import GraphSplit, cycles_or_not
    >>> split = GraphSplit(*cycles_or_not(6))
    >>> for x, y, weights in PackBatches(split, 4).at(0):
    ...     print(y.shape, weights.numpy().tolist())
    (1, 4) [[1.0, 1.0, 1.0, 1.0]]
    (1, 4) [[1.0, 1.0, 0.0, 0.0]]
    """

    def __init__(self, split, batch_size, shuffle=False, seed=0, packs=1):
        if not len(split):
            raise ValueError("There must be a graph. Received: 0 graphs")
        if batch_size < 1 or batch_size % packs:
            raise ValueError(
                "`batch_size` must be a positive multiple of the number of "
                f"packs. Received: {batch_size=}, {packs=}"
            )
        graphs = [check_graph(graph) for graph in split.x]
        check_same_kind(graphs)
        self.batch_size = min(batch_size, -(-len(split) // packs) * packs)
        self.packs = packs
        self.shuffle = shuffle
        self.seed = seed
        self.budget = split.budget_for(self.batch_size // packs)
        check_fits(graphs, self.budget)
        self._check_together(graphs)
        self.values, self.nodes, self.edges = joined(graphs)
        self.y = split.y

    @property
    def num_batches(self):
        return -(-len(self.y) // self.batch_size)

    @property
    def whole(self):
        return self.values, self.y

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import finished
        from keras_nn.data.batches import index_batches

        indices = index_batches(
            start,
            len(self.y),
            self.batch_size,
            self.batch_size,
            False,
            self.shuffle,
            self.seed,
        )
        values, y = tf.nest.map_structure(
            tf.convert_to_tensor, (self.values, self.y)
        )
        tables = {
            name: tf.constant(table, "int64")
            for name, table in (
                ("nodes", self.nodes),
                ("edges", self.edges),
                ("first_node", np.cumsum(self.nodes) - self.nodes),
                ("first_edge", np.cumsum(self.edges) - self.edges),
            )
        }

        def batch(chosen):
            each = self.batch_size // self.packs
            made = [
                self._pack(chosen[i * each : (i + 1) * each], values, tables, y)
                for i in range(self.packs)
            ]
            return tf.nest.map_structure(lambda *parts: tf.stack(parts), *made)

        return finished(
            indices.map(batch, num_parallel_calls=2, deterministic=True)
        )

    def _pack(self, chosen, values, tables, y):
        """One pack of the graphs of these numbers: `(x, y, sample_weight)`."""
        import tensorflow as tf

        budget = self.budget
        each = self.batch_size // self.packs
        of = {name: tf.gather(table, chosen) for name, table in tables.items()}
        number = tf.range(tf.size(chosen))

        def rows(first, count):
            return tf.ragged.range(first, first + count).flat_values

        def padded(tensor, size, value=0):
            missing = size - tf.shape(tensor)[0]
            rest = [[0, missing]] + [[0, 0]] * (len(tensor.shape) - 1)
            tensor = tf.pad(tensor, rest, constant_values=value)
            return tf.ensure_shape(tensor, (size, *tensor.shape[1:]))

        of_nodes = rows(of["first_node"], of["nodes"])
        of_edges = rows(of["first_edge"], of["edges"])
        starts = tf.cumsum(of["nodes"], exclusive=True)
        starts = tf.cast(tf.repeat(starts, of["edges"]), "int32")
        x = {}
        for key, value in values.items():
            if key in GRAPH_KEYS:
                x[key] = padded(tf.gather(value, chosen), each)
            elif key in NODE_KEYS:
                x[key] = padded(tf.gather(value, of_nodes), budget.nodes)
            elif key == "edge_index":
                edges = tf.gather(value, of_edges) + starts[:, None]
                x[key] = padded(edges, budget.edges, MISSING)
            else:
                x[key] = padded(tf.gather(value, of_edges), budget.edges)
        ids = tf.repeat(number, of["nodes"])
        x["graph_ids"] = padded(ids, budget.nodes, MISSING)
        x["node_mask"] = x["graph_ids"] >= 0
        weights = padded(tf.ones_like(number, "float32"), each)
        x["graph_mask"] = weights > 0
        return x, padded(tf.gather(y, chosen), each), weights

    def _check_together(self, graphs):
        """Whatever graphs a shuffle brings together must fit."""
        each = self.batch_size // self.packs
        most = choose_budget(graphs, each)
        if most.nodes > self.budget.nodes or most.edges > self.budget.edges:
            raise ValueError(
                f"{each} graphs, the largest together, do not fit into "
                f"{self.budget}. They need {most}, or more, or smaller "
                f"batches. Received: batch_size={self.batch_size}, packs="
                f"{self.packs}"
            )
