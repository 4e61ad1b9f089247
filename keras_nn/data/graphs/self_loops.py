import numpy as np


def remove_self_loops(graph):
    """The graph without edges from a node to itself.

    Args:
        graph: dict, see `check_graph`.

    Returns:
        A new dict.

    Example:

    >>> graph = {"node_features": np.eye(2), "edge_index": [[0, 0], [0, 1]]}
    >>> remove_self_loops(graph)["edge_index"].tolist()
    [[0, 1]]
    """
    edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
    return select_edges(graph, edges[:, 0] != edges[:, 1])


def add_self_loops(graph, weight=1.0):
    """The graph with an edge from every node to itself, at the end.

    Nodes that have such an edge keep theirs and get none. Of edge features
    and types, which a new edge has not, this function is not defined.

    Args:
        graph: dict, see `check_graph`.
        weight: float. Weight of a new edge, where edges have weights.

    Returns:
        A new dict.

    Raises:
        ValueError: If edges have features or types.

    Example:

    >>> graph = {"node_features": np.eye(2), "edge_index": [[0, 0], [0, 1]]}
    >>> add_self_loops(graph)["edge_index"].tolist()
    [[0, 0], [0, 1], [1, 1]]
    """
    if other := {"edge_features", "edge_types"} & set(graph):
        raise ValueError(
            "A new self-loop would need values of its own for what edges "
            f"have. Received: a graph with {sorted(other)}"
        )
    edges = np.asarray(graph["edge_index"], "int32").reshape(-1, 2)
    bare = np.ones(len(graph["node_features"]), bool)
    bare[edges[edges[:, 0] == edges[:, 1], 0]] = False
    new = np.flatnonzero(bare).astype("int32")
    added = {"edge_index": np.concatenate([edges, np.stack([new, new], 1)])}
    if "edge_weights" in graph:
        weights = np.full(len(new), weight, "float32")
        added["edge_weights"] = np.concatenate([graph["edge_weights"], weights])
    return {**graph, **added}


def select_edges(graph, chosen):
    """The graph with some of its edges: a mask, or indices in their order."""
    edge_keys = [key for key in graph if key.startswith("edge_")]
    return {
        **graph,
        **{
            key: (
                np.asarray(graph[key]).reshape(-1, 2)
                if key == "edge_index"
                else np.asarray(graph[key])
            )[chosen]
            for key in edge_keys
        },
    }
