import numpy as np

from keras_nn.data.graphs.graph import check_graph


class NeighborSampler:
    """Draws the neighbourhoods of some nodes, of one shape whatever the graph.

    Around every seed a tree grows against the edges: `fan_outs[0]` distinct
    ones of the edges that lead to the seed, all of them where there are
    fewer, `fan_outs[1]` of those that lead to each node so found, and so on. A
    node that is met twice stands twice, so that `s` seeds always take
    `s (1 + f0 + f0 f1 + ...)` rows; rows that nobody needed are empty. The
    cost depends on that number alone, not on the size of the graph.

    Args:
        graph: dict, see `check_graph`. It is checked, and its edges are sorted
            by target once.
        fan_outs: list of int. One for each layer of the network.

    Raises:
        ValueError: If a fan-out is not positive.

    Example:

    >>> star = {"node_features": np.eye(4), "edge_index": [[1, 0], [2, 0]]}
    >>> sampler = NeighborSampler(star, fan_outs=[3])
    >>> nodes, edges, rows = sampler.sample([0, 3], np.random.default_rng(0))
    >>> nodes.tolist()
    [0, 3, 1, 2, -1, -1, -1, -1]
    >>> edges[:3].tolist()
    [[2, 0], [3, 0], [-1, -1]]

    Reference:
        [Hamilton et al., 2017](https://arxiv.org/abs/1706.02216), section 3.1
    """

    def __init__(self, graph, fan_outs):
        if not len(fan_outs) or min(fan_outs) < 1:
            raise ValueError(
                "`fan_outs` must hold positive numbers, one for each layer. "
                f"Received: {fan_outs=}"
            )
        self.graph = check_graph(graph)
        self.fan_outs = list(fan_outs)
        targets = self.graph["edge_index"][:, 1]
        order = np.argsort(targets, kind="stable")
        # What is no edge is read at place -1, the last, and comes from -1.
        self.edge_rows = np.append(order, -1)
        self.sources = np.append(self.graph["edge_index"][order, 0], -1)
        count = np.bincount(targets, minlength=len(self))
        self.starts = np.concatenate([[0], np.cumsum(count)])

    def __len__(self):
        return len(self.graph["node_features"])

    def num_nodes(self, seeds):
        """How many rows a sample around so many seeds has."""
        return int(seeds * (1 + np.cumprod(self.fan_outs).sum()))

    def sample(self, seeds, generator):
        """The trees around some seeds.

        Args:
            seeds: int array `(s,)`; -1 is no node and has no tree.
            generator: `numpy.random.Generator`.

        Returns:
            `(nodes, edges, rows)`: for every row the number of its node, or
            -1, the seeds first; an int array of edges between rows, `(-1,
            -1)` for none; and the row of each edge in the graph's own
            `edge_index`, or -1.
        """
        level = np.asarray(seeds, "int64")
        first = 0  # row of the first node of this level
        nodes, edges, rows = [level], [], []
        for fan_out in self.fan_outs:
            places = self._draw(level, fan_out, generator)
            sources = self.sources[places]
            parents = first + np.arange(len(level))
            first += len(level)
            children = first + np.arange(sources.size).reshape(sources.shape)
            both = np.stack(
                [children, np.broadcast_to(parents[:, None], children.shape)],
                axis=-1,
            )
            both = np.where(places[..., None] < 0, -1, both)
            edges.append(both.reshape(-1, 2))
            rows.append(self.edge_rows[places].ravel())
            level = sources.ravel()
            nodes.append(level)
        return (
            np.concatenate(nodes).astype("int32"),
            np.concatenate(edges).astype("int32"),
            np.concatenate(rows).astype("int64"),
        )

    def _draw(self, level, fan_out, generator):
        """Places `(n, fan_out)` of distinct edges to each node, or -1."""
        start = self.starts[level]
        degree = self.starts[np.maximum(level, 0) + 1] - start
        degree = np.where(level < 0, 0, degree)
        place = np.broadcast_to(np.arange(fan_out), (len(level), fan_out))
        place = np.where(place < degree[:, None], place, -1)
        many = np.flatnonzero(degree > fan_out)
        if len(many):
            place[many] = distinct(degree[many], fan_out, generator)
        return np.where(place < 0, -1, place + start[:, None])


def distinct(limits, count, generator):
    """`count` distinct numbers below each limit, all as likely: Floyd's.

    Args:
        limits: int array `(n,)`, each at least `count`.
        count: int.
        generator: `numpy.random.Generator`.

    Returns:
        An int array `(n, count)`, in no particular order.

    Example:

    >>> drawn = distinct(np.array([3, 9]), 3, np.random.default_rng(0))
    >>> sorted(drawn[0].tolist())
    [0, 1, 2]

    Reference:
        Bentley and Floyd, *A sample of brilliance*, 1987.
    """
    chosen = np.full((len(limits), count), -1, "int64")
    for index in range(count):
        top = limits - count + index
        new = generator.integers(0, top + 1)
        taken = (chosen[:, :index] == new[:, None]).any(axis=1)
        chosen[:, index] = np.where(taken, top, new)
    return chosen
