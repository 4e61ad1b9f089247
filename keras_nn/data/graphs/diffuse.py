import numpy as np

METHODS = ("ppr", "heat")


def diffuse(
    graph,
    method="ppr",
    teleport=0.15,
    time=5.0,
    self_loops=1.0,
    top_k=None,
    threshold=None,
):
    """Edges to wherever walks lead, instead of those along which they go.

    With `T = D^(-1/2) (A + self_loops I) D^(-1/2)` the new weights are those
    of `teleport (I - (1 - teleport) T)^(-1)` or of `exp(-time (I - T))`, of
    which the largest are kept; then those that lead to a node are scaled to
    sum to 1.

    Args:
        graph: dict, see `check_graph`. Weights of edges are used. The cost
            grows with the third power of its number of nodes.
        method: `"ppr"` (personalised PageRank) or `"heat"`. Defaults to
            `"ppr"`.
        teleport: float. Probability to begin again. Defaults to 0.15.
        time: float. How long heat spreads. Defaults to 5.
        self_loops: float. Weight of an edge from every node to itself.
            Defaults to 1.
        top_k: int or None. Edges to every node that are kept.
        threshold: float or None. Weight of an edge that is kept, at least.

    Returns:
        A new dict whose edges are those of the diffusion; features and types
        of edges are left out.

    Raises:
        ValueError: On another method, or if not one of `top_k` and `threshold`
            is given.

    Example:

    >>> edges = [[0, 1], [1, 0], [1, 2], [2, 1]]
    >>> path = {"node_features": np.ones((3, 1)), "edge_index": edges}
    >>> graph = diffuse(path, top_k=3)
    >>> len(graph["edge_index"]), float(graph["edge_weights"].sum().round(3))
    (9, 3.0)

    Reference:
        [Gasteiger et al., 2019](https://arxiv.org/abs/1911.05485)
    """
    if method not in METHODS:
        raise ValueError(
            f"`method` must be one of {METHODS}. Received: {method=}"
        )
    if (top_k is None) == (threshold is None):
        raise ValueError(
            "Either `top_k` or `threshold` must be given. Received: "
            f"{top_k=}, {threshold=}"
        )
    edges = np.asarray(graph["edge_index"], "int64").reshape(-1, 2)
    weights = np.asarray(graph.get("edge_weights", np.ones(len(edges))))
    nodes = len(graph["node_features"])
    matrix = np.eye(nodes) * self_loops
    np.add.at(matrix, (edges[:, 0], edges[:, 1]), weights)
    degree = matrix.sum(axis=0)
    scale = np.where(degree > 0, degree, 1) ** -0.5 * (degree > 0)
    matrix = scale[:, None] * matrix * scale
    if method == "ppr":
        matrix = np.eye(nodes) - (1 - teleport) * matrix
        matrix = teleport * np.linalg.inv(matrix)
    else:
        from scipy.linalg import expm

        matrix = expm(-time * (np.eye(nodes) - matrix))
    if top_k is not None:
        order = np.argsort(-matrix, axis=0, kind="stable")
        place = np.argsort(order, axis=0, kind="stable")
        kept = place < top_k
    else:
        kept = matrix >= threshold
    kept &= matrix != 0
    matrix = np.where(kept, matrix, 0)
    total = matrix.sum(axis=0)
    matrix = matrix / np.where(total == 0, 1, total)
    source, target = np.nonzero(kept)
    rest = {k: v for k, v in graph.items() if not k.startswith("edge_")}
    return {
        **rest,
        "edge_index": np.stack([source, target], axis=1).astype("int32"),
        "edge_weights": matrix[source, target].astype("float32"),
    }
