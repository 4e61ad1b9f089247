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
        fan_outs: list of int. One for each layer of the network; or of lists
            of int, one for each type of edges, of which so many are drawn.
            Types beyond the list are never drawn.
        newest: bool. Whether of the edges that are old enough the newest are
            taken, and not any. Defaults to False.

    Raises:
        ValueError: If a fan-out is not positive (or negative, of types), or
            `edge_types` or `edge_times` are asked for and not there.

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

    def __init__(self, graph, fan_outs, newest=False):
        self.graph = check_graph(graph)
        self.fan_outs = list(fan_outs)
        self.newest = newest
        self.layers = _layers(fan_outs, self.graph)
        typed = any(not np.isscalar(one) for one in fan_outs)
        edges = self.graph["edge_index"].astype("int64")
        # Edges that lead to a node, of one type, stand side by side.
        self.types = max(map(len, self.layers))
        kinds = np.zeros(len(edges), "int64")
        if typed:
            kinds = self.graph["edge_types"].astype("int64")
        rows = np.flatnonzero(kinds < self.types)
        group = edges[rows, 1] * self.types + kinds[rows]
        times = np.zeros(len(rows))
        if "edge_times" in self.graph:
            times = self.graph["edge_times"][rows]
        order = np.lexsort((times, group))
        # What is no edge is read at place -1, the last, and comes from -1.
        self.edge_rows = np.append(rows[order], -1)
        self.sources = np.append(edges[rows[order], 0], -1)
        count = np.bincount(group, minlength=len(self) * self.types)
        self.starts = np.concatenate([[0], np.cumsum(count)])
        # Times as ranks, so that group and time are one sorted number.
        self.moments, ranks = np.unique(times, return_inverse=True)
        self.numbers = group[order] * (len(self.moments) + 1) + ranks[order]

    def __len__(self):
        return len(self.graph["node_features"])

    def num_nodes(self, seeds):
        """How many rows a sample around so many seeds has."""
        widths = [sum(layer) for layer in self.layers]
        return int(seeds * (1 + np.cumprod(widths).sum()))

    def sample(self, seeds, generator, times=None):
        """The trees around some seeds.

        Args:
            seeds: int array `(s,)`; -1 is no node and has no tree.
            generator: `numpy.random.Generator`.
            times: float array `(s,)` or None. Only edges whose `edge_times`
                are not later than the time of their seed are in its tree.

        Returns:
            `(nodes, edges, rows)`: for every row the number of its node, or
            -1, the seeds first; an int array of edges between rows, `(-1,
            -1)` for none; and the row of each edge in the graph's own
            `edge_index`, or -1.
        """
        level = np.asarray(seeds, "int64")
        limits = None
        if times is not None:
            if "edge_times" not in self.graph:
                raise ValueError(
                    "`times` need a graph with `edge_times`. Received: keys "
                    f"{sorted(self.graph)}"
                )
            limits = np.searchsorted(self.moments, times, side="right")
        first = 0  # row of the first node of this level
        nodes, edges, rows = [level], [], []
        for layer in self.layers:
            places = np.concatenate(
                [
                    self._draw(level, fan_out, kind, limits, generator)
                    for kind, fan_out in enumerate(layer)
                ],
                axis=1,
            )
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
            if limits is not None:
                limits = np.repeat(limits, sources.shape[1])
        return (
            np.concatenate(nodes).astype("int32"),
            np.concatenate(edges).astype("int32"),
            np.concatenate(rows).astype("int64"),
        )

    def _draw(self, level, fan_out, kind, limits, generator):
        """Places `(n, fan_out)` of distinct edges to each node, or -1."""
        group = level * self.types + kind
        start = self.starts[group]
        end = self.starts[np.maximum(group, 0) + 1]
        if limits is not None:
            last = group * (len(self.moments) + 1) + limits
            end = np.searchsorted(self.numbers, last, side="left")
        degree = np.where(level < 0, 0, end - start)
        place = np.broadcast_to(np.arange(fan_out), (len(level), fan_out))
        place = np.where(place < degree[:, None], place, -1)
        many = np.flatnonzero(degree > fan_out)
        if len(many) and fan_out:
            if self.newest:
                place[many] += (degree[many] - fan_out)[:, None]
            else:
                place[many] = distinct(degree[many], fan_out, generator)
        return np.where(place < 0, -1, place + start[:, None])


def _layers(fan_outs, graph):
    """Fan-outs as a list of lists, one number for each type of edges."""
    typed = len(fan_outs) and any(not np.isscalar(one) for one in fan_outs)
    layers = [[one] if np.isscalar(one) else list(one) for one in fan_outs]
    widths = {len(layer) for layer in layers}
    if (
        len(widths) != 1
        or any(sum(layer) < 1 or min(layer) < 0 for layer in layers)
        or not min(widths)
    ):
        raise ValueError(
            "`fan_outs` must hold positive numbers, one for each layer. "
            f"Received: {fan_outs=}"
        )
    if typed and "edge_types" not in graph:
        raise ValueError(
            "Fan-outs of types need a graph with `edge_types`. Received: keys "
            f"{sorted(graph)}"
        )
    return layers


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
