import numpy as np


def random_walk_encoding(graph, size):
    """Adds to the features of nodes how likely walks come back to them.

    The probabilities `(P^k)[n, n]`, `k = 1 .. size`, that a walk is where it
    began after `k` steps; an edge is taken with a probability proportional to
    its weight.

    Args:
        graph: dict, see `check_graph`.
        size: int. Steps of the longest walk.

    Returns:
        A new dict with `size` more node features.

    Raises:
        ValueError: If `size` is not positive.

    Example:

    >>> edges = [[0, 1], [1, 0], [1, 2], [2, 1]]
    >>> path = {"node_features": np.ones((3, 1)), "edge_index": edges}
    >>> random_walk_encoding(path, 2)["node_features"][:, 1:].tolist()
    [[0.0, 0.5], [0.0, 1.0], [0.0, 0.5]]

    Reference:
        [Dwivedi et al., 2022](https://arxiv.org/abs/2110.07875)
    """
    from scipy import sparse

    if size < 1:
        raise ValueError(f"`size` must be positive. Received: {size=}")
    features = np.asarray(graph["node_features"], "float32")
    edges = np.asarray(graph["edge_index"], "int64").reshape(-1, 2)
    weights = np.asarray(graph.get("edge_weights", np.ones(len(edges))))
    nodes = len(features)
    degree = np.bincount(edges[:, 0], weights, minlength=nodes)
    weights = weights / np.where(degree == 0, 1, degree)[edges[:, 0]]
    step = sparse.csr_array(
        (weights, (edges[:, 0], edges[:, 1])), shape=(nodes, nodes)
    )
    walk, places = step, [step.diagonal()]
    for _ in range(size - 1):
        walk = walk @ step
        places.append(walk.diagonal())
    places = np.stack(places, axis=1).astype("float32")
    return {**graph, "node_features": np.concatenate([features, places], 1)}
