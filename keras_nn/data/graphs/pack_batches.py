import numpy as np

from keras_nn.data.graphs.budget import Budget
from keras_nn.data.graphs.budget import choose_budget
from keras_nn.data.graphs.budget import choose_budgets
from keras_nn.data.graphs.graph import GRAPH_KEYS
from keras_nn.data.graphs.graph import NODE_KEYS
from keras_nn.data.graphs.graph import check_graph
from keras_nn.data.graphs.graph_split import joined
from keras_nn.data.graphs.pack import MISSING
from keras_nn.data.graphs.pack import check_fits
from keras_nn.data.graphs.pack import check_same_kind
from keras_nn.data.ordered_batches import OrderedBatches


class PackBatches(OrderedBatches):
    """Batches of packs of graphs, of one or two shapes, in a known order.

    A batch is `(x, y, sample_weight)`: what `pack` makes of its graphs, their
    targets, and 1 for a graph, 0 for padding. The graphs of a batch are dealt
    out to its packs in order; a smaller last batch is padded, so that there
    is a pack for every replica.

    In random order a batch has the smaller of two budgets if all of its packs
    fit into it, see `choose_budgets`; in the given order all have one, that
    of the largest pack. A split with a budget of its own has that alone.

    Args:
        split: `GraphSplit`.
        batch_size: int. Graphs in a batch.
        shuffle: bool. Whether to draw them in random order, another one in
            every pass.
        seed: int. Of the order.
        packs: int. Packs in a batch. Defaults to 1.
        one_shape: bool. Whether the larger of the two budgets is that of all
            batches, as a TPU needs. Defaults to False.

    Attributes:
        budgets: tuple of the `Budget`s that batches have, smaller ones first.

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

    reads_on = True

    def __init__(
        self,
        split,
        batch_size,
        shuffle=False,
        seed=0,
        packs=1,
        one_shape=False,
    ):
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
        values, *sizes = joined(graphs)
        self.sizes = np.stack(sizes, axis=1)  # (graphs, 2): nodes and edges
        if split.budget is not None:
            self.budgets = (split.budget,)
            check_fits(graphs, split.budget)
            self._check_together(graphs)
        elif shuffle:
            self.budgets = choose_budgets(graphs, self._each)[-one_shape:]
        else:
            self.budgets = (self._largest_in_order(),)
        # Behind the last row comes one that stands for padding.
        self.values = {
            key: _with_padding(value, MISSING if key == "edge_index" else 0)
            for key, value in values.items()
        }
        self.y = _with_padding(split.y)

    @property
    def num_batches(self):
        return -(-len(self.sizes) // self.batch_size)

    @property
    def whole(self):
        return {key: v[:-1] for key, v in self.values.items()}, self.y[:-1]

    @property
    def has_few_shapes(self):
        return len(self.budgets) > 1

    @property
    def _each(self):
        return self.batch_size // self.packs

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import finished
        from keras_nn.data.batches import index_batches

        indices = index_batches(
            start,
            len(self.sizes),
            self.batch_size,
            self.batch_size,
            False,
            self.shuffle,
            self.seed,
        )
        sizes = _with_padding(self.sizes)
        tables = tf.nest.map_structure(
            tf.convert_to_tensor,
            {
                "values": self.values,
                "y": self.y,
                "sizes": sizes,
                "first": np.cumsum(sizes, axis=0) - sizes,
            },
        )
        return finished(
            indices.map(
                lambda chosen: self._batch(chosen, tables),
                num_parallel_calls=2,
                deterministic=True,
            )
        )

    def _batch(self, chosen, tables):
        """The batch of the graphs of these numbers, all packs at once."""
        import tensorflow as tf

        count = len(self.sizes)
        missing = self.batch_size - tf.shape(chosen)[0]
        chosen = tf.pad(chosen, [[0, missing]], constant_values=count)
        chosen = tf.reshape(chosen, (self.packs, self._each))
        is_graph = chosen < count
        sizes = tf.gather(tables["sizes"], chosen)  # (packs, graphs, 2)
        ends = tf.cumsum(sizes, axis=1)
        first = tf.gather(tables["first"], chosen)
        budget = [self.budgets[0].nodes, self.budgets[0].edges]
        if self.has_few_shapes:
            largest = [self.budgets[1].nodes, self.budgets[1].edges]
            fits = tf.reduce_all(ends[:, -1] <= tf.constant(budget, "int64"))
            budget = tf.unstack(tf.where(fits, budget, largest))

        def rows(kind):
            """Of a pack's nodes (0) or edges (1): their rows and graphs."""
            places = tf.range(tf.cast(budget[kind], "int64"))
            places = tf.tile(places[None], (self.packs, 1))
            ids = tf.searchsorted(ends[..., kind], places, side="right")
            shift = first[..., kind] - ends[..., kind] + sizes[..., kind]
            last = tf.constant(int(self.sizes[:, kind].sum()), "int64")
            # What comes behind the last graph is padding.
            shift = tf.pad(shift, [[0, 0], [0, 1]], constant_values=last)
            shift = tf.gather(shift, ids, batch_dims=1)
            return tf.minimum(places + shift, last), ids

        of_nodes, node_ids = rows(0)
        of_edges, edge_ids = rows(1)
        x = {}
        for key, table in tables["values"].items():
            if key in GRAPH_KEYS:
                x[key] = tf.gather(table, chosen)
            else:
                of = of_nodes if key in NODE_KEYS else of_edges
                x[key] = tf.gather(table, of)
        starts = tf.cast(ends[..., 0] - sizes[..., 0], "int32")
        starts = tf.pad(starts, [[0, 0], [0, 1]])
        starts = tf.gather(starts, edge_ids, batch_dims=1)
        x["edge_index"] += starts[..., None]
        x["node_mask"] = node_ids < self._each
        x["graph_ids"] = tf.where(x["node_mask"], node_ids, MISSING)
        x["graph_mask"] = is_graph
        weights = tf.cast(is_graph, "float32")
        return x, tf.gather(tables["y"], chosen), weights

    def _largest_in_order(self):
        """The smallest budget into which every pack fits, as they come."""
        padded = np.zeros((self.num_batches * self.batch_size, 2), int)
        padded[: len(self.sizes)] = self.sizes
        sums = padded.reshape(-1, self._each, 2).sum(axis=1)
        nodes, edges = sums.max(axis=0).tolist()
        return Budget(max(1, nodes), edges, self._each)

    def _check_together(self, graphs):
        """Whatever graphs a shuffle brings together must fit."""
        most, (budget,) = choose_budget(graphs, self._each), self.budgets
        if most.nodes > budget.nodes or most.edges > budget.edges:
            raise ValueError(
                f"{self._each} graphs, the largest together, do not fit into "
                f"{budget}. They need {most}, or more, or smaller "
                f"batches. Received: batch_size={self.batch_size}, packs="
                f"{self.packs}"
            )


def _with_padding(array, value=0):
    """An array with one more row, of this value."""
    row = np.full((1, *array.shape[1:]), value, array.dtype)
    return np.concatenate([array, row])
