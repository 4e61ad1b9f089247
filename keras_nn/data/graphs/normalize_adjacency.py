import numpy as np

MODES = ("symmetric", "row")


def normalize_adjacency(graph, mode="symmetric"):
    """Edge weights that keep the size of what nodes receive.

    `"symmetric"`: `w[s, t] / sqrt(d[s] d[t])`; `"row"`: `w[s, t] / d[t]`,
    which makes sums over neighbours means; `d[t]` is the sum of the weights
    that lead to `t`.

    Args:
        graph: dict, see `check_graph`. Edges without weights weigh 1.
        mode: `"symmetric"` or `"row"`. Defaults to `"symmetric"`.

    Returns:
        A new dict with `edge_weights`, 0 where a degree is 0.

    Raises:
        ValueError: On another mode.

    Example:

    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [2, 1]]}
    >>> normalize_adjacency(graph, "row")["edge_weights"].tolist()
    [0.5, 0.5]

    Reference:
        [Kipf and Welling, 2017](https://arxiv.org/abs/1609.02907), section 2.
    """
    if mode not in MODES:
        raise ValueError(f"`mode` must be one of {MODES}. Received: {mode=}")
    edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
    weights = np.asarray(graph.get("edge_weights", np.ones(len(edges))))
    nodes = len(graph["node_features"])
    degree = np.bincount(edges[:, 1], weights, minlength=nodes)
    power = -0.5 if mode == "symmetric" else -1.0
    inverse = np.zeros(nodes)
    np.power(degree, power, out=inverse, where=degree > 0)
    weights = weights * inverse[edges[:, 1]]
    if mode == "symmetric":
        weights = weights * inverse[edges[:, 0]]
    return {**graph, "edge_weights": weights.astype("float32")}
