import numpy as np

from keras_nn.data.graphs.undirected import to_undirected


def cycles_or_not(count, seed=0, min_nodes=6, max_nodes=16):
    """Random graphs of which half hold one cycle: which?

    A tree drawn by joining each node to an earlier one; label 0 is the tree
    itself, label 1 a tree and one more edge. Features are 1 throughout, so
    that only the edges tell.

    Args:
        count: int. How many graphs.
        seed: int. The same seed gives the same graphs.
        min_nodes: int. Nodes of the smallest graph, at least 3.
        max_nodes: int. Nodes of the largest graph.

    Returns:
        `(graphs, labels)`: a list of undirected graphs, see `check_graph`,
        and an int array `(count,)`.

    Raises:
        ValueError: If a graph could hold no cycle.

    Example:

    >>> graphs, labels = cycles_or_not(2, min_nodes=5, max_nodes=5)
    >>> [len(graph["edge_index"]) // 2 for graph in graphs], labels.tolist()
    ([4, 5], [0, 1])
    """
    if not 3 <= min_nodes <= max_nodes:
        raise ValueError(
            "A cycle needs `3 <= min_nodes <= max_nodes`. Received: "
            f"{min_nodes=}, {max_nodes=}"
        )
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    graphs = []
    for label in labels:
        size = int(generator.integers(min_nodes, max_nodes + 1))
        parents = [int(generator.integers(0, n)) for n in range(1, size)]
        edges = [(parent, n + 1) for n, parent in enumerate(parents)]
        if label:
            new = [
                (a, b)
                for a in range(size)
                for b in range(a + 1, size)
                if (a, b) not in edges
            ]
            edges.append(new[generator.integers(len(new))])
        graphs.append(
            to_undirected(
                {
                    "node_features": np.ones((size, 1), "float32"),
                    "edge_index": np.array(edges, "int32"),
                }
            )
        )
    return graphs, labels
