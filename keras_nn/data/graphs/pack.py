import numpy as np

from keras_nn.data.graphs.budget import choose_budget
from keras_nn.data.graphs.graph import EDGE_KEYS
from keras_nn.data.graphs.graph import GRAPH_KEYS
from keras_nn.data.graphs.graph import NODE_KEYS
from keras_nn.data.graphs.graph import check_graph

MISSING = -1  # the node, graph or type that padding names


def pack(graphs, budget=None):
    """Graphs side by side, as packs of one size: a batch for any model.

    The graphs of a pack become one graph without edges between them. The
    leading axis counts packs, so that Keras splits a batch over replicas as
    any other. Every key of `check_graph` gets that axis, and there are more:

    Key          | Shape            | What it is
    ------------ | ---------------- | --------------------------------------
    `node_mask`  | `(packs, nodes)` | bool, False for padding
    `graph_ids`  | `(packs, nodes)` | int, the graph of each node; -1 padding
    `graph_mask` | `(packs, graphs)`| bool, False for padding

    Padding edges lead from node -1 to node -1, which is nowhere: layers drop
    them. `edge_index` counts nodes from the beginning of the pack.

    Args:
        graphs: list of graphs with the same keys, see `check_graph`. They
            keep their order.
        budget: `Budget` or None. Defaults to one pack that holds all, without
            padding.

    Returns:
        A dict of arrays. `graph_features` is `(packs, graphs, features)`.

    Raises:
        ValueError: If a graph is wrong or larger than the budget; the text
            names the budget that would fit.

    Example:

    >>> from keras_nn.data.graphs import Budget
    >>> triangle = {
    ...     "node_features": np.ones((3, 1)),
    ...     "edge_index": [[0, 1], [1, 2], [2, 0]],
    ... }
    >>> packs = pack([triangle] * 3, Budget(nodes=8, edges=8, graphs=2))
    >>> packs["graph_ids"].tolist()
    [[0, 0, 0, 1, 1, 1, -1, -1], [0, 0, 0, -1, -1, -1, -1, -1]]
    >>> packs["edge_index"][0, 3:].tolist()
    [[3, 4], [4, 5], [5, 3], [-1, -1], [-1, -1]]
    """
    graphs = [check_graph(graph) for graph in graphs]
    budget = budget or choose_budget(graphs, len(graphs))
    check_same_kind(graphs)
    check_fits(graphs, budget)
    groups = _groups(graphs, budget)
    packed = [_one_pack(group, budget) for group in groups]
    return {key: np.stack([one[key] for one in packed]) for key in packed[0]}


def spread(values, mask, padding=0):
    """Puts values where the mask is True: targets in the shape of packs.

    Args:
        values: array `(n, ...)`, one entry a graph (or node), in their order.
        mask: bool array with `n` True entries: `graph_mask` or `node_mask`.
        padding: number. What stands where there is no graph.

    Returns:
        An array of shape `(*mask.shape, ...)`; `result[mask]` are the values.

    Example:

    >>> spread(np.array([5, 6]), np.array([[True, False], [True, False]]))
    array([[5, 0],
           [6, 0]])
    """
    values = np.asarray(values)
    if len(values) != mask.sum():
        raise ValueError(
            f"There must be one value for each of the {int(mask.sum())} True "
            f"entries of the mask. Received: {len(values)} values"
        )
    spreaded = np.full((*mask.shape, *values.shape[1:]), padding, values.dtype)
    spreaded[mask] = values
    return spreaded


def check_fits(graphs, budget):
    """Refuses graphs of which one is larger than the budget."""
    largest = choose_budget(graphs)
    if largest.nodes > budget.nodes or largest.edges > budget.edges:
        raise ValueError(
            f"A graph does not fit into {budget}. The largest graphs need "
            f"Budget(nodes={largest.nodes}, edges={largest.edges}, graphs=1), "
            "or more. Received: a graph larger than the budget"
        )


def check_same_kind(graphs):
    """Refuses graphs that cannot stand in one pack."""

    def kind(graph):
        return {k: v.shape[1:] for k, v in graph.items() if k not in GRAPH_KEYS}

    for index, graph in enumerate(graphs):
        same = graph.keys() == graphs[0].keys()
        if not same or kind(graph) != kind(graphs[0]):
            raise ValueError(
                "Graphs of one pack must have the same keys and numbers of "
                f"features. Received: {kind(graphs[0])}, then in graph "
                f"{index} {kind(graph)}"
            )


def _groups(graphs, budget):
    groups, nodes, edges = [[]], 0, 0
    for graph in graphs:
        nodes += len(graph["node_features"])
        edges += len(graph["edge_index"])
        fits = nodes <= budget.nodes and edges <= budget.edges
        if not fits or len(groups[-1]) == budget.graphs:
            groups.append([])
            nodes, edges = len(graph["node_features"]), len(graph["edge_index"])
        groups[-1].append(graph)
    return groups


def _one_pack(graphs, budget):
    sizes = [len(graph["node_features"]) for graph in graphs]
    starts = np.cumsum([0, *sizes], dtype="int32")
    packed = {}
    for key in graphs[0]:
        parts = [graph[key] for graph in graphs]
        if key == "edge_index":
            parts = [p + s for p, s in zip(parts, starts, strict=False)]
        if key in GRAPH_KEYS:
            packed[key] = _padded(np.stack(parts), budget.graphs, 0)
        else:
            size = budget.nodes if key in NODE_KEYS else budget.edges
            joined = np.concatenate(parts)
            # Types and features of padding are never looked at.
            fill = MISSING if key == EDGE_KEYS[0] else 0
            packed[key] = _padded(joined, size, fill)
    ids = np.repeat(np.arange(len(graphs), dtype="int32"), sizes)
    return {
        **packed,
        "node_mask": np.arange(budget.nodes) < starts[-1],
        "graph_ids": _padded(ids, budget.nodes, MISSING),
        "graph_mask": np.arange(budget.graphs) < len(graphs),
    }


def _padded(array, size, value):
    rest = ((0, size - len(array)), *((0, 0),) * (array.ndim - 1))
    return np.pad(array, rest, constant_values=value)
