import numpy as np

from keras_nn.data.graphs.partition import partition
from keras_nn.data.graphs.subgraph_batches import SubgraphBatches


class ClusterBatches(SubgraphBatches):
    """Batches of clusters of a graph and the edges within and between them.

    A batch is `(x, y, sample_weight)`, one pack of one shape: some parts of
    the graph as they are cut by `partition`, drawn anew in every pass, with
    all edges between their nodes.

    Args:
        split: `NodeSplit`. Its nodes that count weigh 1.
        parts: int. Clusters of the graph.
        parts_per_batch: int. Clusters in a batch. Defaults to 1.
        shuffle: bool. Whether others come together in every pass. Defaults
            to True.
        seed: int. Of the cut and of the order. Defaults to 0.

    Raises:
        ValueError: If `parts_per_batch` is not in `1 .. parts`.

    Example:

    >>> from keras_nn import data
    >>> club = data.load("karate-club").test
    >>> batches = ClusterBatches(club, parts=4, parts_per_batch=2)
    >>> sum(int(weights.numpy().sum()) for _, _, weights in batches.at(0))
    24

    Reference:
        [Chiang et al., 2019](https://arxiv.org/abs/1905.07953)
    """

    def __init__(self, split, parts, parts_per_batch=1, shuffle=True, seed=0):
        super().__init__(split, seed)
        if not 1 <= parts_per_batch <= parts:
            raise ValueError(
                "`parts_per_batch` must be in 1 .. parts. Received: "
                f"{parts=}, {parts_per_batch=}"
            )
        self.part = partition(split.graph, parts, seed)
        self.parts = parts
        self.parts_per_batch = parts_per_batch
        self.shuffle = shuffle
        size = np.sort(np.bincount(self.part, minlength=parts))[::-1]
        self.max_nodes = int(size[:parts_per_batch].sum())

    @property
    def max_edges(self):
        """int. What leads to the nodes of so many parts at most."""
        each = np.bincount(self.part, self.degree, minlength=self.parts)
        return int(np.sort(each)[::-1][: self.parts_per_batch].sum())

    @property
    def num_batches(self):
        return -(-self.parts // self.parts_per_batch)

    def nodes_of(self, epoch, number):
        """The nodes of the parts of one batch."""
        order = np.arange(self.parts)
        if self.shuffle:
            order = np.random.default_rng([self.seed, epoch]).permutation(order)
        first = number * self.parts_per_batch
        chosen = order[first : first + self.parts_per_batch]
        return np.flatnonzero(np.isin(self.part, chosen))
