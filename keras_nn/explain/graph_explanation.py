import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class GraphExplanation:
    """Which edges and features of a graph a model's score depends on.

    Args:
        graph: dict, the graph, see `keras_nn.data.graphs.check_graph`.
        edge_scores: float32 array `(edges,)`, in the order of `edge_index`.
        method: str. Name of the method.
        target: int. The class that was explained.
        node: int or None. The node whose score it is; None for a graph's.
        feature_scores: float32 array `(nodes, features)`, or None where the
            method says nothing of features.
        convergence_delta: float or None. How far the scores' sum is from what
            it should be, for methods that promise one.

    Example:

    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 0]]}
    >>> found = GraphExplanation(graph, np.array([0.2, 0.6]), "made-up", 1)
    >>> found.both_ways(), found.top_edges(1).tolist()
    (array([0.4, 0.4]), [1])
    """

    graph: dict
    edge_scores: np.ndarray
    method: str
    target: int
    node: int | None = None
    feature_scores: np.ndarray | None = None
    convergence_delta: float | None = None

    def both_ways(self):
        """The scores, each the mean over all edges of the same two nodes."""
        return self._of_pairs(self.edge_scores)

    def importance(self):
        """The sizes of the scores, whether for or against, both ways.

        What an answer rests on: an edge that speaks against a class which
        the rest of the graph suggests matters as much as one for it.
        """
        return self._of_pairs(np.abs(self.edge_scores))

    def top_edges(self, count):
        """The rows of `edge_index` with the highest scores: int array."""
        order = np.argsort(-self.edge_scores, kind="stable")
        return order[:count]

    def _of_pairs(self, scores):
        edges = np.sort(np.asarray(self.graph["edge_index"]).reshape(-1, 2), 1)
        if not len(edges):
            return scores
        pairs = edges[:, 0].astype("int64") * (edges.max() + 1) + edges[:, 1]
        _, pair = np.unique(pairs, return_inverse=True)
        total = np.bincount(pair, scores) / np.bincount(pair)
        return total[pair].astype(scores.dtype)
