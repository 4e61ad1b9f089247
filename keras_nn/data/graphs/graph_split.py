import dataclasses

import numpy as np

from keras_nn.data.graphs.budget import Budget
from keras_nn.data.graphs.budget import choose_budget
from keras_nn.data.graphs.graph import GRAPH_KEYS
from keras_nn.data.graphs.pack import pack
from keras_nn.data.graphs.pack import spread
from keras_nn.data.stratified import random_split
from keras_nn.data.stratified import stratified_split


@dataclasses.dataclass(frozen=True, eq=False)
class GraphSplit:
    """Many graphs with a target each: a training, validation or test set.

    Args:
        x: list, or object array of shape `(n,)`: graphs of one kind, see
            `check_graph`.
        y: array of shape `(n, ...)`: the targets; integers of shape `(n,)`
            for class labels.
        budget: `Budget` or None. Of packs of these graphs, and of those of
            its parts: one set, one shape, which a TPU needs. Defaults to what
            a pack of so many graphs needs, see `PackBatches`.

    Raises:
        ValueError: If `x` and `y` differ in length.

    Example:

    >>> from keras_nn.data.graphs import cycles_or_not
    >>> split = GraphSplit(*cycles_or_not(10))
    >>> train, validation = split.split(0.2)
    >>> train, len(validation), train.shape
    (GraphSplit(8 graphs), 2, (1,))
    """

    x: np.ndarray
    y: np.ndarray
    budget: Budget | None = None

    decode = None

    def __post_init__(self):
        graphs = np.empty(len(self.x), object)
        graphs[:] = self.x
        object.__setattr__(self, "x", graphs)
        object.__setattr__(self, "y", np.asarray(self.y))
        if len(self.x) != len(self.y):
            raise ValueError(
                "`x` and `y` must hold one entry per graph. Received: "
                f"{len(self.x)} graphs and {len(self.y)} targets"
            )

    def __len__(self):
        return len(self.y)

    @property
    def shape(self):
        """The shape of the features of one node, as a tuple of int."""
        return tuple(np.shape(self.x[0]["node_features"])[1:])

    @property
    def edge_shape(self):
        """The shape of the features of one edge; `(0,)` without any."""
        features = self.x[0].get("edge_features")
        return (0,) if features is None else tuple(np.shape(features)[1:])

    def budget_for(self, graphs):
        """The budget of a pack of so many graphs: an own one, or computed."""
        return self.budget or choose_budget(self.x, min(graphs, len(self)))

    def arrays(self, graphs_per_pack=32):
        """All graphs `(x, y, sample_weight)`, in packs, in their order."""
        packs = pack(list(self.x), self.budget_for(graphs_per_pack))
        mask = packs["graph_mask"]
        return packs, spread(self.y, mask), mask.astype("float32")

    def ordered(
        self, batch_size, shuffle=False, seed=0, packs=1, one_shape=False
    ):
        """Batches of packs as `OrderedBatches`, for `fit` to resume.

        Args:
            batch_size: int. Graphs in a batch.
            shuffle: bool. Whether to draw them in random order.
            seed: int. Of the order.
            packs: int. Packs in a batch, as many as there are replicas or a
                multiple. Defaults to 1.
            one_shape: bool. Whether batches in random order shall not have
                two shapes, see `PackBatches`. Defaults to False.
        """
        from keras_nn.data.graphs.pack_batches import PackBatches

        return PackBatches(self, batch_size, shuffle, seed, packs, one_shape)

    def take(self, n):
        """A split of the first `n` graphs."""
        return self[np.arange(min(n, len(self)))]

    def split(self, fraction, seed=0, stratify=None):
        """Two splits: the rest, and a random share of the graphs.

        Args: as those of `keras_nn.data.Split.split`.
        """
        if stratify is None:
            stratify = self.y.ndim == 1 and self.y.dtype.kind in "iu"
        if stratify:
            rest, share = stratified_split(self.y, fraction, seed)
        else:
            rest, share = random_split(len(self), fraction, seed)
        return self[rest], self[share]

    def __getitem__(self, indices):
        """A split of the graphs at `indices`, an array of int."""
        return dataclasses.replace(self, x=self.x[indices], y=self.y[indices])

    def __repr__(self):
        return f"GraphSplit({len(self)} graphs)"


def joined(graphs):
    """Checked graphs end to end: `(values, node sizes, edge sizes)`.

    `values` holds every key of the graphs, concatenated; `edge_index` counts
    from the beginning of each graph.
    """
    values = {
        key: (np.stack if key in GRAPH_KEYS else np.concatenate)(
            [graph[key] for graph in graphs]
        )
        for key in graphs[0]
    }
    nodes = np.array([len(graph["node_features"]) for graph in graphs])
    edges = np.array([len(graph["edge_index"]) for graph in graphs])
    return values, nodes, edges
