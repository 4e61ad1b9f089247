import functools

import numpy as np

ENUMERATED = 1_000_000
ROUNDS = 50


class NegativeSampler:
    """Draws pairs of nodes that no edge joins.

    A pair is never an edge and never a node with itself; all other pairs are
    as likely.

    Args:
        edges: int array `(edges, 2)`: what must not be drawn.
        num_nodes: int.
        undirected: bool. Whether an edge also forbids its reverse. Defaults
            to False.
        targets: int array or None. The nodes that a pair may lead to, such as
            the items of a graph of users and items. Defaults to all.

    Raises:
        ValueError: If there are fewer such pairs than are asked for.

    Example:

    >>> sampler = NegativeSampler([[0, 1], [1, 2]], num_nodes=3)
    >>> drawn = sampler.pairs(4, np.random.default_rng(0))
    >>> sorted(map(tuple, drawn.tolist()))
    [(0, 2), (1, 0), (2, 0), (2, 1)]
    """

    def __init__(self, edges, num_nodes, undirected=False, targets=None):
        edges = np.asarray(edges, "int64").reshape(-1, 2)
        if undirected:
            edges = np.concatenate([edges, edges[:, ::-1]])
        self.num_nodes = num_nodes
        self.undirected = undirected
        every = np.arange(num_nodes)
        self.targets = every if targets is None else np.unique(targets)
        loops = np.stack([every, every], axis=1)
        # One number a pair, sorted: a pair is then found by bisection.
        self.taken = np.unique(self._number(np.concatenate([edges, loops])))

    def _number(self, pairs):
        return pairs[..., 0] * self.num_nodes + pairs[..., 1]

    def is_taken(self, pairs):
        """Which of the pairs `(..., 2)` may not be drawn: bool `(...)`."""
        number = self._number(np.asarray(pairs, "int64"))
        place = np.searchsorted(self.taken, number)
        place = np.minimum(place, len(self.taken) - 1)
        return self.taken[place] == number

    @functools.cached_property
    def free(self):
        """All pairs that may be drawn, or None where there are too many."""
        if self.num_nodes * len(self.targets) > ENUMERATED:
            return None
        nodes = np.arange(self.num_nodes)
        grid = np.stack(np.meshgrid(nodes, self.targets, indexing="ij"), -1)
        grid = grid.reshape(-1, 2)
        return grid[~self.is_taken(grid)]

    def pairs(self, count, generator, distinct=True):
        """Pairs that are no edges.

        Args:
            count: int.
            generator: `numpy.random.Generator`.
            distinct: bool. Whether no pair is drawn twice. Defaults to True.

        Returns:
            An int array `(count, 2)`.
        """
        taken = np.isin(self.taken % self.num_nodes, self.targets).sum()
        left = self.num_nodes * len(self.targets) - int(taken)
        if left < (count if distinct else min(count, 1)):
            raise ValueError(
                f"There are only {left} pairs of nodes without an edge. "
                f"Received: {count=}"
            )
        if self.free is not None:
            chosen = generator.choice(left, count, replace=not distinct)
            return self.free[chosen]
        found = np.empty(0, "int64")
        while len(found) < count:
            drawn = np.stack(
                [
                    generator.integers(0, self.num_nodes, 2 * count),
                    generator.choice(self.targets, 2 * count),
                ],
                axis=1,
            )
            new = self._number(drawn[~self.is_taken(drawn)])
            found = np.concatenate([found, new])
            if distinct:
                _, first = np.unique(found, return_index=True)
                found = found[np.sort(first)]
        found = found[:count]
        return np.stack(np.divmod(found, self.num_nodes), axis=1)

    def of_sources(self, sources, generator):
        """For each source a node that it has no edge to.

        Args:
            sources: int array `(n,)`.
            generator: `numpy.random.Generator`.

        Returns:
            An int array `(n,)`, with repetitions.
        """
        sources = np.asarray(sources, "int64")
        drawn = generator.choice(self.targets, len(sources))
        for _ in range(ROUNDS):
            wrong = np.flatnonzero(
                self.is_taken(np.stack([sources, drawn], axis=1))
            )
            if not len(wrong):
                return drawn
            drawn[wrong] = generator.choice(self.targets, len(wrong))
        for place in wrong:  # nodes with an edge to nearly every other
            pairs = np.stack(
                [np.full_like(self.targets, sources[place]), self.targets], 1
            )
            free = self.targets[~self.is_taken(pairs)]
            if not len(free):
                raise ValueError(
                    "A source must have a node that it has no edge to. "
                    f"Received: node {sources[place]} with an edge to all"
                )
            drawn[place] = generator.choice(free)
        return drawn
