import numpy as np

from keras_nn.data.graphs.graph import check_graph


def join_types(nodes, edges):
    """Nodes and edges of several types as one graph, which packs like any.

    Nodes of all types stand one type after the other in one matrix, as wide
    as the widest, the others filled up with zeros; `node_types` and
    `edge_types` tell them apart, in the order in which they are given.

    Args:
        nodes: dict of arrays `(nodes, features)` by type.
        edges: dict of int arrays `(edges, 2)` by `(source type, relation,
            target type)`, rows counting from 0 in each type of nodes.

    Returns:
        `(graph, starts)`: a graph, see `check_graph`, and a dict of the number
        of the first node of every type.

    Raises:
        ValueError: If an edge is between types or nodes that are not there.

    Example:

    >>> graph, starts = join_types(
    ...     {"user": np.ones((2, 1)), "film": np.ones((3, 2))},
    ...     {("user", "saw", "film"): [[0, 2], [1, 0]]},
    ... )
    >>> graph["edge_index"].tolist(), graph["node_types"].tolist()
    ([[0, 4], [1, 2]], [0, 0, 1, 1, 1])
    >>> starts
    {'user': 0, 'film': 2}
    """
    features = {k: np.asarray(v, "float32") for k, v in nodes.items()}
    sizes = [len(part) for part in features.values()]
    firsts = np.cumsum([0, *sizes])[:-1].tolist()
    starts = dict(zip(features, firsts, strict=True))
    width = max(part.shape[1] for part in features.values())
    index, types = [np.empty((0, 2), int)], [np.empty(0, int)]
    for number, (key, rows) in enumerate(edges.items()):
        if len(key) != 3 or {key[0], key[-1]} - set(features):
            raise ValueError(
                "Edges are named (source type, relation, target type), types "
                f"among {[*features]}. Received: {key}"
            )
        rows = np.asarray(rows, "int64").reshape(-1, 2)
        limits = np.array([len(features[key[0]]), len(features[key[2]])])
        if ((rows < 0) | (rows >= limits)).any():
            raise ValueError(
                f"Edges {key} must name {limits[0]} and {limits[1]} nodes. "
                f"Received: {rows.min(0).tolist()} to {rows.max(0).tolist()}"
            )
        index.append(rows + [starts[key[0]], starts[key[2]]])
        types.append(np.full(len(rows), number))
    graph = {
        "node_features": np.concatenate(
            [
                np.pad(part, ((0, 0), (0, width - part.shape[1])))
                for part in features.values()
            ]
        ),
        "node_types": np.repeat(np.arange(len(sizes)), sizes),
        "edge_index": np.concatenate(index),
        "edge_types": np.concatenate(types),
    }
    return check_graph(graph), starts
