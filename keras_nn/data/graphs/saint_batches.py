import numpy as np

from keras_nn.data.graphs.random_walks import RandomWalks
from keras_nn.data.graphs.subgraph_batches import SubgraphBatches


class SaintBatches(SubgraphBatches):
    """Batches of nodes that walks visit, and all edges between them.

    A batch is `(x, y, sample_weight)`, one pack of one shape. Nodes that are
    visited often weigh less, and edges that are seen often carry less, so that
    losses and sums of messages are on average those of the whole graph:
    `weight(n) = batches / (count(n) nodes)` times the nodes of a batch, and
    the factor of an edge to `t` is `count(t) / count(edge)`, counted in
    `coverage` batches drawn beforehand.

    Args:
        split: `NodeSplit`. Only its nodes that count weigh anything.
        roots: int. Walks of a batch.
        length: int. Steps of a walk. Defaults to 2.
        batches: int. Batches of a pass. Defaults to 10.
        coverage: int. Batches drawn beforehand; 0 leaves weights as they
            are. Defaults to 50.
        seed: int. Defaults to 0.

    Raises:
        ValueError: If a number is not positive.

    Example:

    >>> from keras_nn import data
    >>> club = data.load("karate-club").test
    >>> batches = SaintBatches(club, roots=5, length=2, batches=3)
    >>> x, y, weights = next(iter(batches.at(0)))
    >>> tuple(x["node_features"].shape), batches.num_batches
    ((1, 15, 34), 3)

    Reference:
        [Zeng et al., 2020](https://arxiv.org/abs/1907.04931)
    """

    def __init__(self, split, roots, length=2, batches=10, coverage=50, seed=0):
        super().__init__(split, seed)
        if min(roots, length, batches) < 1 or coverage < 0:
            raise ValueError(
                "`roots`, `length` and `batches` must be positive. Received: "
                f"{roots=}, {length=}, {batches=}, {coverage=}"
            )
        self.walks = RandomWalks(split.graph)
        self.roots = roots
        self.length = length
        self.num_batches = batches
        self.coverage = coverage
        self.max_nodes = min(roots * (length + 1), len(self.y))
        self.node_weights = np.ones(len(self.y))
        self.edge_factors = None
        if coverage:
            self._count()

    num_batches = None

    def nodes_of(self, epoch, number):
        """The nodes of the walks of one batch."""
        return self._visited(np.random.default_rng([self.seed, epoch, number]))

    def _visited(self, generator):
        starts = generator.integers(0, len(self.y), self.roots)
        return np.unique(self.walks.walk(starts, self.length, generator))

    def _count(self):
        generator = np.random.default_rng([self.seed, 1 << 31])
        nodes = np.zeros(len(self.y))
        edges = np.zeros(len(self.graph["edge_index"]))
        for _ in range(self.coverage):
            visited = self._visited(generator)
            nodes[visited] += 1
            edges[self.inside(visited)] += 1
        # What was never seen counts as seen once, as in PyTorch Geometric.
        edges = np.maximum(edges, 1)
        target = self.graph["edge_index"][:, 1]
        self.edge_factors = np.clip(nodes[target] / edges, 0, 1e4)
        self.edge_factors[nodes[target] == 0] = 0.1
        seen = np.where(nodes == 0, 0.1, nodes)
        self.node_weights = self.coverage / seen / len(self.y)

    def weigh(self, nodes, edges):
        weights = self.node_weights[nodes]
        if self.edge_factors is None:
            return weights, None
        # A mean over the rows of the pack becomes a sum over nodes.
        weights = weights * self.max_nodes
        return weights, self.edge_factors[edges].astype("float32")
