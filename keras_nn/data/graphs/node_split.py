import dataclasses

import numpy as np

from keras_nn.data.graphs.pack import pack


@dataclasses.dataclass(frozen=True, eq=False)
class NodeSplit:
    """The nodes of one graph whose labels a part of a data set may look at.

    Training, validation and test set are one and the same graph; what differs
    is which nodes count.

    Args:
        graph: dict, see `check_graph`.
        y: int array of shape `(nodes,)`: the label of every node; what stands
            at nodes that do not count is never looked at.
        mask: bool array of shape `(nodes,)`: which nodes count.

    Raises:
        ValueError: If the shapes do not fit, or no node counts.

    Example:

    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    >>> split = NodeSplit(graph, np.array([0, 1, 1]), np.array([1, 0, 0], bool))
    >>> x, y, weights = split.arrays()
    >>> split, x["node_features"].shape, y.shape, weights.tolist()
    (NodeSplit(1 of 3 nodes), (1, 3, 3), (1, 3), [[1.0, 0.0, 0.0]])
    """

    graph: dict
    y: np.ndarray
    mask: np.ndarray

    def __post_init__(self):
        shapes = (len(self.graph["node_features"]),)
        if self.y.shape != shapes or self.mask.shape != shapes:
            raise ValueError(
                "`y` and `mask` must hold one entry for each of the "
                f"{shapes[0]} nodes. Received: shapes {self.y.shape} and "
                f"{self.mask.shape}"
            )
        if not self.mask.any():
            raise ValueError(
                f"At least one node must count. Received: mask of "
                f"{len(self.mask)} nodes, none of them True"
            )

    def __len__(self):
        return int(self.mask.sum())

    @property
    def shape(self):
        """The shape of the features of one node, as a tuple of int."""
        return tuple(np.shape(self.graph["node_features"])[1:])

    def arrays(self):
        """One pack `(x, y, sample_weight)`, as `keras.Model.fit` takes it."""
        y = np.where(self.mask, self.y, 0)
        return (
            pack([self.graph]),
            y[None].astype("int64"),
            self.mask[None].astype("float32"),
        )

    def sampled(
        self, fan_outs, batch_size, shuffle=False, seed=0, packs=1, **how
    ):
        """Batches of drawn neighbourhoods, as `OrderedBatches`.

        Args: as those of `SampledBatches`.
        """
        from keras_nn.data.graphs.sampled_batches import SampledBatches

        return SampledBatches(
            self, fan_outs, batch_size, shuffle, seed, packs, **how
        )

    def __repr__(self):
        return f"NodeSplit({len(self)} of {len(self.mask)} nodes)"
