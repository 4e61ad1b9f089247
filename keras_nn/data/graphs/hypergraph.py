import numpy as np

from keras_nn.data.graphs.graph import check_graph


def hypergraph(node_features, hyperedges, weights=None):
    """Nodes and hyperedges, which join any number of them, as one graph.

    A hyperedge is a node, too: those of `node_features` come first, of type
    0, then the hyperedges, of type 1, with zeros as features. An edge leads
    from every node to each hyperedge that it is in.

    Args:
        node_features: array `(nodes, features)`.
        hyperedges: list of lists of nodes.
        weights: array `(hyperedges,)` or None.

    Returns:
        A graph, see `check_graph`, for `keras_nn.layers.HypergraphConvolution`.

    Raises:
        ValueError: If a hyperedge names a node that is not there, or the
            numbers do not fit.

    Example:

    >>> graph = hypergraph(np.ones((3, 2)), [[0, 1, 2], [1, 2]])
    >>> graph["edge_index"].tolist()
    [[0, 3], [1, 3], [2, 3], [1, 4], [2, 4]]
    >>> graph["node_types"].tolist()
    [0, 0, 0, 1, 1]
    """
    features = np.asarray(node_features, "float32")
    nodes, count = len(features), len(hyperedges)
    sizes = [len(members) for members in hyperedges]
    members = np.concatenate([np.empty(0, int), *map(np.asarray, hyperedges)])
    members = members.astype("int64")
    if len(members) and not 0 <= members.min() <= members.max() < nodes:
        raise ValueError(
            f"`hyperedges` must name nodes, 0 to {nodes - 1}. Received: "
            f"{int(members.min())} to {int(members.max())}"
        )
    own = np.repeat(np.arange(count), sizes)
    graph = {
        "node_features": np.concatenate(
            [features, np.zeros((count, features.shape[1]), "float32")]
        ),
        "node_types": np.repeat([0, 1], [nodes, count]),
        "edge_index": np.stack([members, nodes + own], axis=1),
    }
    if weights is not None:
        if len(weights) != count:
            raise ValueError(
                f"There must be one weight for each of the {count} hyperedges."
                f" Received: {len(weights)} weights"
            )
        graph["edge_weights"] = np.asarray(weights)[own]
    return check_graph(graph)
