import numpy as np

NODE_KEYS = ("node_features", "node_positions", "node_types")
EDGE_KEYS = (
    "edge_index",
    "edge_weights",
    "edge_features",
    "edge_types",
    "edge_times",
)
GRAPH_KEYS = ("graph_features",)
INTEGERS = ("edge_index", "edge_types", "node_types")
AXES = {
    "node_features": 2,
    "node_positions": 2,
    "node_types": 1,
    "edge_index": 2,
    "edge_weights": 1,
    "edge_features": 2,
    "edge_types": 1,
    "edge_times": 1,
    "graph_features": 1,
}


def check_graph(graph):
    """A graph as a plain dict of NumPy arrays, once nothing is wrong with it.

    This is what a graph is throughout the suite:

    Key              | Shape               | What it is
    ---------------- | ------------------- | ---------------------------------
    `node_features`  | `(nodes, features)` | float
    `node_positions` | `(nodes, axes)`     | float, where nodes are; optional
    `node_types`     | `(nodes,)`          | int from 0 on, optional
    `edge_index`     | `(edges, 2)`        | int; a row is `(source, target)`
    `edge_weights`   | `(edges,)`          | float, optional
    `edge_features`  | `(edges, features)` | float, optional
    `edge_types`     | `(edges,)`          | int from 0 on, optional
    `edge_times`     | `(edges,)`          | float, when; optional
    `graph_features` | `(features,)`       | float, of the whole; optional

    Messages flow from source to target: an undirected graph holds both
    directions. Self-loops and repeated edges are edges like any other. A
    batch of graphs is made by `pack`, which adds a leading axis and masks.

    Args:
        graph: dict of arrays with the keys above.

    Returns:
        A dict of float32 and int32 arrays.

    Raises:
        ValueError: On a key that is unknown or missing, a wrong shape, a
            value that is not finite, an edge to a node that is not there.

    Example:

    >>> graph = check_graph(
    ...     {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    ... )
    >>> {name: value.shape for name, value in graph.items()}
    {'node_features': (3, 3), 'edge_index': (2, 2)}
    """
    missing = [k for k in ("node_features", "edge_index") if k not in graph]
    unknown = sorted(set(graph) - set(AXES))
    if missing or unknown:
        raise ValueError(
            f"A graph is a dict with the keys {', '.join(AXES)}, of which "
            "node_features and edge_index are needed. Received: keys "
            f"{sorted(graph)}"
        )
    checked = {name: _array(name, graph[name]) for name in graph}
    num_nodes = len(checked["node_features"])
    edges = checked["edge_index"]
    if edges.shape[1] != 2:
        raise ValueError(
            "`edge_index` must have the shape (edges, 2), a row being (source,"
            f" target). Received: shape {edges.shape}"
        )
    for name in EDGE_KEYS:
        if name in checked and len(checked[name]) != len(edges):
            raise ValueError(
                f"`{name}` must hold one entry for each of the {len(edges)} "
                f"edges. Received: shape {checked[name].shape}"
            )
    for name in NODE_KEYS:
        if name in checked and len(checked[name]) != num_nodes:
            raise ValueError(
                f"`{name}` must hold one entry for each of the {num_nodes} "
                f"nodes. Received: shape {checked[name].shape}"
            )
    bad = ((edges < 0) | (edges >= num_nodes)).any(axis=1)
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(
            f"`edge_index` must name nodes, 0 to {num_nodes - 1}. Received: "
            f"{edges[first].tolist()} in edge {first} ({int(bad.sum())} such "
            "edges in all)"
        )
    for name in ("edge_types", "node_types"):
        if name in checked and (checked[name] < 0).any():
            raise ValueError(
                f"`{name}` must count from 0. Received: "
                f"{int(checked[name].min())}"
            )
    return checked


def _array(name, value):
    array = np.asarray(value)
    if name == "edge_index" and not array.size:
        array = array.reshape(0, 2)
    if array.ndim != AXES[name]:
        raise ValueError(
            f"`{name}` must have {AXES[name]} axes. Received: shape "
            f"{array.shape}"
        )
    if name in INTEGERS:
        if array.size and array.dtype.kind not in "iu":
            raise ValueError(
                f"`{name}` must hold integers. Received: {array.dtype}"
            )
        return array.astype("int32")
    array = array.astype("float32")
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise ValueError(
            f"`{name}` must be finite. Received: "
            f"{array[~np.isfinite(array)].flat[0]} in row {row}"
        )
    return array
