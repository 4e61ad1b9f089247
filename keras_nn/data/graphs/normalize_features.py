import numpy as np


def normalize_features(graph):
    """Scales the features of every node to the sum 1.

    `x[n] / sum(x[n])`; a row whose sum is 0 stays as it is.

    Args:
        graph: dict, see `check_graph`.

    Returns:
        A new dict.

    Example:

    >>> graph = {"node_features": [[1.0, 3.0], [0.0, 0.0]], "edge_index": []}
    >>> normalize_features(graph)["node_features"].tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    features = np.asarray(graph["node_features"], "float32")
    total = features.sum(axis=1, keepdims=True)
    scale = np.where(total == 0, 1, total)
    return {**graph, "node_features": features / scale}
