import numpy as np


def nearest_edges(graph, neighbors, loops=False):
    """The graph with edges from the nearest nodes to each node.

    Args:
        graph: dict, see `check_graph`; `edge_index` may be missing. Nodes are
            where `node_positions`, or else `node_features`, say.
        neighbors: int. Edges to every node; fewer in a smaller graph.
        loops: bool. Whether a node counts as its own nearest. Defaults to
            False.

    Returns:
        A new dict with other edges, sorted by target, the nearest first.

    Raises:
        ValueError: If `neighbors` is not positive.

    Example:

    >>> line = {"node_features": np.array([[0.0], [1.0], [5.0]])}
    >>> nearest_edges(line, 1)["edge_index"].tolist()
    [[1, 0], [0, 1], [1, 2]]
    """
    from scipy.spatial import cKDTree

    if neighbors < 1:
        raise ValueError(
            f"`neighbors` must be positive. Received: {neighbors=}"
        )
    places = _places(graph)
    count = min(neighbors if loops else neighbors + 1, len(places))
    if not count:
        return _with_edges(graph, np.empty((0, 2)))
    _, near = cKDTree(places).query(places, k=[*range(1, count + 1)])
    target = np.repeat(np.arange(len(places)), count).reshape(near.shape)
    edges = np.stack([near, target], axis=-1).reshape(-1, 2)
    if not loops:
        edges = edges[edges[:, 0] != edges[:, 1]]
        # Of nodes at one place, a node need not be the first of its own.
        edges = edges[_number(edges[:, 1], len(places)) < neighbors]
    return _with_edges(graph, edges)


def radius_edges(graph, radius, max_neighbors=None, loops=False):
    """The graph with edges from all nodes within a distance of each node.

    Args:
        graph: dict, as of `nearest_edges`.
        radius: float, in the unit of positions.
        max_neighbors: int or None. Edges to a node at most, from the nearest
            ones. Defaults to all.
        loops: bool. Whether a node has an edge to itself. Defaults to False.

    Returns:
        A new dict with other edges, sorted by target, the nearest first.

    Raises:
        ValueError: If `radius` is negative.

    Example:

    >>> line = {"node_features": np.array([[0.0], [1.0], [5.0]])}
    >>> radius_edges(line, 2.0)["edge_index"].tolist()
    [[1, 0], [0, 1]]
    """
    from scipy.spatial import cKDTree

    if radius < 0:
        raise ValueError(f"`radius` must not be negative. Received: {radius=}")
    places = _places(graph)
    if not len(places):
        return _with_edges(graph, np.empty((0, 2)))
    tree = cKDTree(places)
    pairs = tree.query_pairs(radius, output_type="ndarray")
    edges = np.concatenate([pairs, pairs[:, ::-1]])
    if loops:
        every = np.arange(len(places))
        edges = np.concatenate([edges, np.stack([every, every], 1)])
    distance = np.linalg.norm(places[edges[:, 0]] - places[edges[:, 1]], axis=1)
    edges = edges[np.lexsort((edges[:, 0], distance, edges[:, 1]))]
    if max_neighbors is not None:
        edges = edges[_number(edges[:, 1], len(places)) < max_neighbors]
    return _with_edges(graph, edges)


def _places(graph):
    key = "node_positions" if "node_positions" in graph else "node_features"
    return np.asarray(graph[key], "float64")


def _number(targets, nodes):
    """Which of the edges to its target each edge is; sorted by target."""
    count = np.bincount(targets, minlength=nodes)
    return np.arange(len(targets)) - (np.cumsum(count) - count)[targets]


def _with_edges(graph, edges):
    rest = {k: v for k, v in graph.items() if not k.startswith("edge_")}
    return {**rest, "edge_index": np.asarray(edges, "int32").reshape(-1, 2)}
