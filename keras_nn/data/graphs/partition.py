import numpy as np

from keras_nn.data.graphs.graph import check_graph

ROUNDS = 5


def partition(graph, parts, seed=0):
    """Cuts a graph into parts of about one size with few edges between them.

    Each part grows from a node at random along edges until it is full; then
    nodes move to the part of most of their neighbours as long as no part
    becomes a tenth larger than the mean.

    Args:
        graph: dict, see `check_graph`. Directions and weights of edges do not
            count.
        parts: int.
        seed: int.

    Returns:
        An int array `(nodes,)`: the part of every node.

    Raises:
        ValueError: If there are not as many nodes as parts.

    Example:

    >>> from keras_nn.data.graphs import stochastic_block_model
    >>> graph, labels = stochastic_block_model([20, 20], 0.5, 0.01)
    >>> part = partition(graph, 2)
    >>> agreement = np.mean(part == labels)
    >>> bool(max(agreement, 1 - agreement) > 0.9)
    True
    """
    graph = check_graph(graph)
    nodes = len(graph["node_features"])
    if not 1 <= parts <= nodes:
        raise ValueError(
            f"`parts` must be in 1 .. {nodes}, the number of nodes. Received: "
            f"{parts=}"
        )
    neighbors = _neighbors(graph["edge_index"], nodes)
    generator = np.random.default_rng(seed)
    part = _grown(neighbors, nodes, parts, generator)
    limit = int(1.1 * nodes / parts) + 1
    size = np.bincount(part, minlength=parts)
    for _ in range(ROUNDS):
        moved = 0
        for node in generator.permutation(nodes):
            near = part[neighbors(node)]
            if not len(near):
                continue
            count = np.bincount(near, minlength=parts)
            here, best = part[node], int(count.argmax())
            if count[best] > count[here] and size[best] < limit > 1:
                if size[here] > 1:
                    part[node] = best
                    size[here] -= 1
                    size[best] += 1
                    moved += 1
        if not moved:
            break
    return part


def _neighbors(edges, nodes):
    """A function from a node to those that it has an edge with."""
    both = np.concatenate([edges, edges[:, ::-1]]).astype("int64")
    both = both[np.argsort(both[:, 0], kind="stable")]
    starts = np.searchsorted(both[:, 0], np.arange(nodes + 1))
    return lambda node: both[starts[node] : starts[node + 1], 1]


def _grown(neighbors, nodes, parts, generator):
    part = np.full(nodes, -1)
    order = generator.permutation(nodes)
    place = 0
    for number in range(parts):
        left = int((part < 0).sum())
        size = -(-left // (parts - number))
        front, taken = [], 0
        while taken < size:
            if not front:
                while part[order[place]] >= 0:
                    place += 1
                front = [int(order[place])]
            node = front.pop(0)
            if part[node] >= 0:
                continue
            part[node] = number
            taken += 1
            front += [int(n) for n in neighbors(node) if part[n] < 0]
    return part
