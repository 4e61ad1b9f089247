import numpy as np


def force_layout(edges, nodes, steps=120, seed=0):
    """Places for the nodes of a small graph: edges pull, all nodes push.

    Nodes `d` apart push with `k^2 / d`, edges pull with `d^2 / k`, `k` the
    side of a node's share of the unit square; how far a node may move falls
    step by step. Costs the square of the number of nodes a step.

    Args:
        edges: int array `(edges, 2)`.
        nodes: int.
        steps: int. Defaults to 120.
        seed: int. Of the first places. Defaults to 0.

    Returns:
        A float array `(nodes, 2)` with values from 0 to 1.

    Example:

    >>> places = force_layout(np.array([[0, 1], [1, 2]]), nodes=3)
    >>> gap = lambda a, b: np.linalg.norm(places[a] - places[b])
    >>> bool(gap(0, 2) > gap(0, 1))
    True

    Reference:
        Fruchterman and Reingold, *Graph drawing by force-directed placement*,
        1991.
    """
    edges = np.asarray(edges, "int64").reshape(-1, 2)
    places = np.random.default_rng(seed).random((nodes, 2))
    if nodes < 2:
        return np.full((nodes, 2), 0.5)
    joined = np.zeros((nodes, nodes), bool)
    joined[edges[:, 0], edges[:, 1]] = joined[edges[:, 1], edges[:, 0]] = True
    np.fill_diagonal(joined, False)
    k = 1 / np.sqrt(nodes)
    for heat in np.linspace(0.1, 0.001, steps):
        gap = places[:, None] - places[None]  # (nodes, nodes, 2)
        distance = np.maximum(np.linalg.norm(gap, axis=-1), 1e-3)
        force = k**2 / distance**2 - joined * distance / k
        # What no edge holds stays near.
        move = (gap * force[..., None]).sum(axis=1) + 0.5 * (0.5 - places) * k
        length = np.maximum(np.linalg.norm(move, axis=-1, keepdims=True), 1e-9)
        places += move / length * np.minimum(length, heat)
    places -= places.min(axis=0)
    return places / max(places.max(), 1e-9)
