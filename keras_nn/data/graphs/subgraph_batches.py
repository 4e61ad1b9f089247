import numpy as np

from keras_nn.data.graphs.graph import EDGE_KEYS
from keras_nn.data.graphs.graph import NODE_KEYS
from keras_nn.data.graphs.graph import check_graph
from keras_nn.data.ordered_batches import OrderedBatches


class SubgraphBatches(OrderedBatches):
    """Batches of some nodes of a graph and all edges between them. Abstract.

    A batch is `(x, y, sample_weight)`, one pack of one shape; nodes that count
    in the split weigh 1, or what `weigh` says. A subclass defines

    - `num_batches` and `nodes_of(epoch, number)`: distinct nodes;
    - `max_nodes`: how many there are at most.

    Args:
        split: `NodeSplit`.
        seed: int. Of what is drawn.
    """

    max_nodes = None

    def __init__(self, split, seed=0):
        self.graph = check_graph(split.graph)
        self.mask = split.mask
        self.y = np.where(split.mask, split.y, 0).astype("int64")
        self.seed = seed
        edges = self.graph["edge_index"]
        self.order = np.argsort(edges[:, 1], kind="stable")
        count = np.bincount(edges[:, 1], minlength=len(self.y))
        self.starts = np.concatenate([[0], np.cumsum(count)])
        self.degree = count

    @property
    def whole(self):
        return self.graph, self.y

    @property
    def max_edges(self):
        """int. The edges that so many nodes have at most."""
        most = np.sort(self.degree)[::-1][: self.max_nodes]
        return int(most.sum())

    def weigh(self, nodes, edges):
        """`(weights of nodes, factors of edges or None)`."""
        return np.ones(len(nodes), "float32"), None

    def inside(self, nodes):
        """Rows of the edges between some nodes, which are sorted."""
        count = self.degree[nodes]
        first = np.repeat(self.starts[nodes], count)
        number = np.arange(len(first)) - np.repeat(
            np.cumsum(count) - count, count
        )
        rows = self.order[first + number]
        sources = self.graph["edge_index"][rows, 0]
        place = np.searchsorted(nodes, sources)
        place = np.minimum(place, max(len(nodes) - 1, 0))
        return rows[nodes[place] == sources] if len(nodes) else rows

    def batch(self, epoch, number):
        """One batch as a list of arrays: those of `x` by key, `y`, weights."""
        nodes = np.unique(self.nodes_of(epoch, number))
        rows = self.inside(nodes)
        weights, factors = self.weigh(nodes, rows)
        values = {}
        for key, value in self.graph.items():
            if key == "edge_index":
                edges = np.searchsorted(nodes, value[rows]).astype("int32")
                values[key] = self._padded(edges, self.max_edges, -1)
            elif key in EDGE_KEYS:
                values[key] = self._padded(value[rows], self.max_edges, 0)
            elif key in NODE_KEYS:
                values[key] = self._padded(value[nodes], self.max_nodes, 0)
        if factors is not None:
            known = values.get("edge_weights", np.float32(1))
            factors = self._padded(factors, self.max_edges, 0)
            values["edge_weights"] = (known * factors).astype("float32")
        values["node_mask"] = np.arange(self.max_nodes) < len(nodes)
        y = self._padded(self.y[nodes], self.max_nodes, 0)
        weights = (weights * self.mask[nodes]).astype("float32")
        weights = self._padded(weights, self.max_nodes, 0)
        made = [values[key] for key in sorted(values)] + [y, weights]
        self.keys = sorted(values)
        return [array[None] for array in made]

    def _padded(self, array, size, value):
        rest = ((0, size - len(array)), *((0, 0),) * (array.ndim - 1))
        return np.pad(array, rest, constant_values=value)

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import finished

        example = self.batch(0, 0)
        types = [tf.as_dtype(array.dtype) for array in example]

        def drawn(epoch, number):
            arrays = tf.numpy_function(
                lambda e, n: self.batch(int(e), int(n)),
                [epoch, number],
                types,
                stateful=False,
            )
            for array, like in zip(arrays, example, strict=True):
                array.set_shape(like.shape)
            *values, y, weights = arrays
            return dict(zip(self.keys, values, strict=True)), y, weights

        def numbered(epoch, first):
            numbers = tf.data.Dataset.range(first, self.num_batches)
            return numbers.map(lambda number: (epoch, number))

        return finished(
            start.flat_map(numbered).map(
                drawn, num_parallel_calls=2, deterministic=True
            )
        )
