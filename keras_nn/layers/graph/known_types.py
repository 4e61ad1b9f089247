from keras import ops


def check_types(input_shape, key):
    """Refuses a graph whose nodes or edges have no types.

    Args:
        input_shape: dict of the shapes of a graph.
        key: `"edge_types"` or `"node_types"`.

    Raises:
        ValueError: if the key is missing.
    """
    if key not in input_shape:
        raise ValueError(
            f"The layer needs a graph with `{key}`. "
            f"Received: keys {sorted(input_shape)}"
        )


def typed_targets(graph, edge_type):
    """The target of every edge of one type; no node for the others.

    Args:
        graph: `FlatGraph` with `edge_types`.
        edge_type: int.
    """
    nowhere = ops.cast(graph.num_nodes, graph.target.dtype)
    return ops.where(graph.edge_types == edge_type, graph.target, nowhere)
