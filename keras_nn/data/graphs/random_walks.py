import numpy as np

from keras_nn.data.graphs.graph import check_graph


class RandomWalks:
    """Walks along edges, as likely to turn back or to go on as asked.

    From node `t`, reached from `s`, each edge `(t, x)` is taken with a
    probability proportional to `1 / p` if `x = s`, to 1 if there is an edge
    `(s, x)`, to `1 / q` otherwise; the first edge of a walk is any. At a node
    that no edge leaves the walk stays.

    Args:
        graph: dict, see `check_graph`. Weights of edges are not used.
        p: float. The larger, the rarer a walk returns at once. Defaults to 1.
        q: float. The larger, the nearer a walk stays to where it was.
            Defaults to 1.

    Raises:
        ValueError: If `p` or `q` is not positive.

    Example:

    >>> path = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    >>> RandomWalks(path).walk([0, 2], 3, np.random.default_rng(0)).tolist()
    [[0, 1, 2, 2], [2, 2, 2, 2]]

    Reference:
        [Grover and Leskovec, 2016](https://arxiv.org/abs/1607.00653), section
        3.2
    """

    def __init__(self, graph, p=1.0, q=1.0):
        if p <= 0 or q <= 0:
            raise ValueError(
                f"`p` and `q` must be positive. Received: {p=}, {q=}"
            )
        graph = check_graph(graph)
        self.num_nodes = len(graph["node_features"])
        self.p = p
        self.q = q
        edges = graph["edge_index"].astype("int64")
        edges = edges[np.argsort(edges[:, 0], kind="stable")]
        self.targets = np.append(edges[:, 1], -1)
        self.degree = np.bincount(edges[:, 0], minlength=self.num_nodes)
        self.start = np.cumsum(self.degree) - self.degree
        self.numbers = np.unique(edges[:, 0] * self.num_nodes + edges[:, 1])

    def walk(self, starts, length, generator):
        """A walk from every start.

        Args:
            starts: int array `(n,)`.
            length: int. Steps.
            generator: `numpy.random.Generator`.

        Returns:
            An int array of nodes `(n, length + 1)`, the starts first.
        """
        here = np.asarray(starts, "int64")
        steps = [here]
        before = None
        for _ in range(length):
            after = self._step(here, generator)
            if before is not None and (self.p, self.q) != (1, 1):
                after = self._biased(before, here, after, generator)
            before, here = here, after
            steps.append(here)
        return np.stack(steps, axis=1)

    def _step(self, here, generator):
        degree = self.degree[here]
        # A node without edges is read at a place that is thrown away.
        place = self.start[here] + generator.integers(np.maximum(degree, 1))
        place = np.minimum(place, len(self.targets) - 1)
        return np.where(degree > 0, self.targets[place], here)

    def _biased(self, before, here, after, generator):
        """Draws again until every step is accepted."""
        highest = max(1 / self.p, 1.0, 1 / self.q)
        asked = np.flatnonzero(self.degree[here] > 0)
        while len(asked):
            back = after[asked] == before[asked]
            near = self._are_edges(before[asked], after[asked])
            weight = np.where(near, 1.0, 1 / self.q)
            weight = np.where(back, 1 / self.p, weight)
            refused = generator.uniform(size=len(asked)) * highest >= weight
            asked = asked[refused]
            after[asked] = self._step(here[asked], generator)
        return after

    def _are_edges(self, sources, targets):
        number = sources * self.num_nodes + targets
        place = np.searchsorted(self.numbers, number)
        place = np.minimum(place, len(self.numbers) - 1)
        return self.numbers[place] == number
