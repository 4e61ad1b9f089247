import numpy as np

from keras_nn.data.graphs.graph import check_graph


def from_networkx(
    network, node_attributes=None, edge_attributes=None, weight="weight"
):
    """A graph of a `networkx` graph, both directions of an undirected edge.

    Args:
        network: `networkx.Graph`, `DiGraph`, `MultiGraph` or `MultiDiGraph`.
        node_attributes: list of str or None. Numbers of nodes, or lists of
            those, that become features; without any these are one-hot.
        edge_attributes: list of str or None. Likewise for edges.
        weight: str. The attribute that becomes the weight of an edge, where
            all edges have it. Defaults to `"weight"`.

    Returns:
        `(graph, names)`: a graph, see `check_graph`, and the list of the names
        of its nodes.

    Raises:
        ValueError: If a node or an edge lacks an attribute that is asked for.

    Example:

    >>> import networkx
    >>> graph, names = from_networkx(networkx.path_graph(["a", "b", "c"]))
    >>> names, graph["edge_index"].tolist()
    (['a', 'b', 'c'], [[0, 1], [1, 0], [1, 2], [2, 1]])
    """
    names = list(network.nodes)
    place = {name: index for index, name in enumerate(names)}
    edges, values = [], []
    for source, target, attributes in network.edges(data=True):
        ends = (place[source], place[target])
        edges.append(ends)
        values.append(attributes)
        if not network.is_directed() and source != target:
            edges.append(ends[::-1])
            values.append(attributes)
    features = np.eye(len(names), dtype="float32")
    if node_attributes:
        features = _columns(
            "node", names, [network.nodes[n] for n in names], node_attributes
        )
    graph = {
        "node_features": features,
        "edge_index": np.array(edges, "int64").reshape(-1, 2),
    }
    if values and all(weight in attributes for attributes in values):
        weights = [float(attributes[weight]) for attributes in values]
        graph["edge_weights"] = np.array(weights)
    if edge_attributes:
        graph["edge_features"] = _columns(
            "edge", edges, values, edge_attributes
        )
    return check_graph(graph), names


def read_graphml(path, node_attributes=None, edge_attributes=None):
    """A graph from a GraphML file, with `networkx` (`keras-nn[graph]`).

    Args:
        path: str. The file.
        node_attributes: list of str or None. See `from_networkx`.
        edge_attributes: list of str or None. Likewise.

    Returns:
        As `from_networkx`.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If `networkx` is not installed.
        ValueError: If the file is no GraphML, or lacks an attribute.

    Example:

    >>> import networkx
    >>> networkx.write_graphml(networkx.path_graph(3), "path.graphml")
    >>> graph, names = read_graphml("path.graphml")
    >>> names, len(graph["edge_index"])
    (['0', '1', '2'], 4)
    """
    try:
        import networkx
    except ImportError as error:
        raise ImportError(
            'GraphML files need networkx: pip install "keras-nn[graph]"'
        ) from error
    from xml.etree.ElementTree import ParseError

    try:
        network = networkx.read_graphml(path)
    except (ParseError, networkx.NetworkXError) as error:
        raise ValueError(
            f"The file must be GraphML. Received: {path}: {error}"
        ) from error
    return from_networkx(network, node_attributes, edge_attributes)


def _columns(kind, names, values, attributes):
    rows = []
    for name, known in zip(names, values, strict=True):
        missing = [key for key in attributes if key not in known]
        if missing:
            raise ValueError(
                f"Every {kind} must have the attributes {attributes}. "
                f"Received: {kind} {name!r} without {missing}"
            )
        rows.append(
            np.concatenate([np.ravel(known[key]) for key in attributes])
        )
    width = len(rows[0]) if rows else len(attributes)
    return np.array(rows, "float32").reshape(-1, width)
