import numpy as np

from keras_nn.data.graphs.self_loops import select_edges


def to_undirected(graph):
    """The graph with the reverse of every edge, each edge once.

    Of edges that repeat the first is kept, with its weight, features and
    type; a reverse edge takes those of its edge.

    Args:
        graph: dict, see `check_graph`.

    Returns:
        A new dict, its edges sorted by target, then by source.

    Example:

    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [2, 1]]}
    >>> to_undirected(graph)["edge_index"].tolist()
    [[1, 0], [0, 1], [2, 1], [1, 2]]
    """
    edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
    both = np.concatenate([edges, edges[:, ::-1]])
    # One number an edge, in the order of targets, then of sources.
    nodes = max(1, len(graph["node_features"]))
    number = both[:, 1].astype("int64") * nodes + both[:, 0]
    _, first = np.unique(number, return_index=True)
    twice = {
        key: np.concatenate([np.asarray(value)] * 2)
        for key, value in graph.items()
        if key.startswith("edge_")
    }
    return select_edges({**graph, **twice, "edge_index": both}, first)
