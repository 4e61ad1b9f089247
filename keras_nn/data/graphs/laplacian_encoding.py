import numpy as np


def laplacian_encoding(graph, size):
    """Adds places in the graph to the features of its nodes.

    The eigenvectors of `I - D^(-1/2) A D^(-1/2)` with the smallest
    eigenvalues but the first, each of length 1, its largest entry positive.
    Directions and weights of edges are left out of account.

    Args:
        graph: dict, see `check_graph`. The cost grows with the third power of
            its number of nodes.
        size: int. How many eigenvectors; those that a small graph has not are
            0.

    Returns:
        A new dict with `size` more node features.

    Raises:
        ValueError: If `size` is not positive.

    Example:

    >>> edges = [[0, 1], [1, 2]]
    >>> path = {"node_features": np.ones((3, 1)), "edge_index": edges}
    >>> features = laplacian_encoding(path, 1)["node_features"]
    >>> print(features[:, 1].round(1))  # from one end to the other
    [ 0.7  0.  -0.7]

    Reference:
        [Dwivedi et al., 2023](https://arxiv.org/abs/2003.00982), section 3.1.
    """
    if size < 1:
        raise ValueError(f"`size` must be positive. Received: {size=}")
    features = np.asarray(graph["node_features"], "float32")
    edges = np.asarray(graph["edge_index"], "int64").reshape(-1, 2)
    adjacency = np.zeros((len(features), len(features)))
    adjacency[edges[:, 0], edges[:, 1]] = 1
    adjacency = np.maximum(adjacency, adjacency.T)
    degree = adjacency.sum(axis=0)
    scale = 1 / np.sqrt(np.maximum(degree, 1))
    laplacian = np.eye(len(features)) - adjacency * scale * scale[:, None]
    _, vectors = np.linalg.eigh(laplacian)
    places = np.zeros((len(features), size), "float32")
    found = vectors[:, 1 : size + 1]
    # The sign of an eigenvector is arbitrary; so is, with rounding, which of
    # two equally large entries is the largest: the first counts.
    magnitude = np.abs(found).round(6)
    if len(features):
        largest = magnitude.argmax(axis=0)
        found = found * np.sign(found[largest, np.arange(found.shape[1])])
    places[:, : found.shape[1]] = found
    return {**graph, "node_features": np.concatenate([features, places], 1)}
