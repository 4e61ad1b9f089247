import numpy as np
from keras import ops

from keras_nn.layers import MessagePassing


def predict_by_layers(network, graph, nodes_per_step=4096):
    """The scores of all nodes of a graph, layer by layer.

    Every layer is applied to the whole graph before the next, to some nodes
    and all the edges that lead to them at once: the cost is that of one
    forward pass, and the memory that of a layer's features and a step's
    edges, however deep the network.

    Args:
        network: a network that is a chain of layers which look one edge far,
            such as `keras_nn.models.SAGE` and `GAT`.
        graph: dict, see `keras_nn.data.graphs.check_graph`.
        nodes_per_step: int. Nodes whose edges are looked at together.

    Returns:
        An array of shape `(nodes, classes)`.

    Raises:
        ValueError: If a layer looks further than one edge.

    Example:

    >>> from keras_nn.models import SAGE
    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [2, 1]]}
    >>> predict_by_layers(SAGE(3, 2), graph, nodes_per_step=2).shape
    (3, 2)
    """
    if not getattr(network, "is_chain", False):
        raise ValueError(
            "Layer by layer only a chain of layers that look one edge far is "
            "applied, such as SAGE and GAT; apply this one to the whole graph. "
            f"Received: {type(network).__name__}"
        )
    edges = np.asarray(graph["edge_index"], "int64").reshape(-1, 2)
    order = np.argsort(edges[:, 1], kind="stable")
    edges = edges[order]
    nodes = np.asarray(graph["node_features"], "float32")
    count = np.bincount(edges[:, 1], minlength=len(nodes))
    starts = np.concatenate([[0], np.cumsum(count)])
    place = np.full(len(nodes), -1)
    for layer in network.layers:
        if layer.name in network.input:
            continue
        made = []
        for first in range(0, len(nodes), nodes_per_step):
            chunk = np.arange(first, min(first + nodes_per_step, len(nodes)))
            if not isinstance(layer, MessagePassing):
                made.append(ops.convert_to_numpy(layer(nodes[chunk])))
                continue
            near = edges[starts[chunk[0]] : starts[chunk[-1] + 1]]
            sources = np.unique(near[:, 0])
            others = sources[(sources < chunk[0]) | (sources > chunk[-1])]
            needed = np.concatenate([chunk, others])
            place[needed] = np.arange(len(needed))
            part = {
                "node_features": nodes[needed],
                "edge_index": place[near].astype("int32"),
            }
            for key in ("edge_weights", "edge_features", "edge_types"):
                if key in network.input:
                    values = np.asarray(graph[key])[order]
                    part[key] = values[starts[chunk[0]] : starts[chunk[-1] + 1]]
            y = layer({k: ops.convert_to_tensor(v) for k, v in part.items()})
            made.append(ops.convert_to_numpy(y)[: len(chunk)])
        nodes = np.concatenate(made)
    return nodes
