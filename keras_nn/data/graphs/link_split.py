import dataclasses

import numpy as np

from keras_nn.data.graphs.pack import pack


@dataclasses.dataclass(frozen=True, eq=False)
class LinkSplit:
    """Pairs of nodes to judge, and the graph that may be looked at meanwhile.

    Args:
        graph: dict, see `check_graph`: the edges along which messages go.
        links: int array of shape `(links, 2)`: pairs of nodes.
        y: int array of shape `(links,)`: 1 for an edge that is there, or
            shall be foretold, 0 for none.
        known: int array `(edges, 2)` or None. All edges there are, which are
            never drawn as negatives. Defaults to those of `graph` and the
            links that are there.

    Raises:
        ValueError: If there is no link, the shapes do not fit, or a link
            names no node.

    Example:

    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 0]]}
    >>> split = LinkSplit(graph, np.array([[1, 2], [0, 2]]), np.array([1, 0]))
    >>> x, y, weights = split.arrays()
    >>> split, x["link_index"].tolist(), y.tolist()
    (LinkSplit(2 links), [[[1, 2], [0, 2]]], [[1, 0]])
    """

    graph: dict
    links: np.ndarray
    y: np.ndarray
    known: np.ndarray | None = None

    def __post_init__(self):
        links = np.asarray(self.links, "int32").reshape(-1, 2)
        nodes = len(self.graph["node_features"])
        if not len(links) or np.shape(self.y) != (len(links),):
            raise ValueError(
                "There must be a link, and one entry of `y` for each. "
                f"Received: {len(links)} links and `y` of shape "
                f"{np.shape(self.y)}"
            )
        if links.min() < 0 or links.max() >= nodes:
            raise ValueError(
                f"`links` must name nodes, 0 to {nodes - 1}. Received: "
                f"{int(links.min())} to {int(links.max())}"
            )
        y = np.asarray(self.y)
        known = self.known
        if known is None:
            edges = np.asarray(self.graph["edge_index"]).reshape(-1, 2)
            known = np.concatenate([edges, links[y > 0]])
        object.__setattr__(self, "links", links)
        object.__setattr__(self, "y", y.astype("int64"))
        object.__setattr__(self, "known", np.asarray(known, "int32"))

    def __len__(self):
        return len(self.y)

    @property
    def shape(self):
        """The shape of the features of one node, as a tuple of int."""
        return tuple(np.shape(self.graph["node_features"])[1:])

    def arrays(self):
        """One pack `(x, y, sample_weight)`; `x` holds `link_index`, too."""
        x = {**pack([self.graph]), "link_index": self.links[None]}
        return x, self.y[None], np.ones((1, len(self)), "float32")

    def ordered(self, batch_size=None, shuffle=False, seed=0, packs=1, **how):
        """Batches with negatives drawn anew, as `OrderedBatches`.

        Args: as those of `LinkBatches`.
        """
        from keras_nn.data.graphs.link_batches import LinkBatches

        return LinkBatches(self, batch_size, shuffle, seed, packs, **how)

    def __repr__(self):
        return f"LinkSplit({len(self)} links)"
