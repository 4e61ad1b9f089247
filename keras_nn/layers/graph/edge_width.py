def edge_width(input_shape, use_edge_features):
    """How many features an edge has that a layer shall look at.

    Args:
        input_shape: dict of the shapes of a graph.
        use_edge_features: bool. Whether it shall; otherwise 0.

    Raises:
        ValueError: if it shall and there are none.
    """
    if not use_edge_features:
        return 0
    if "edge_features" not in input_shape:
        raise ValueError(
            "`use_edge_features` needs a graph with `edge_features`. "
            f"Received: keys {sorted(input_shape)}"
        )
    return input_shape["edge_features"][-1]
