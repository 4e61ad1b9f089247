import numpy as np

from keras_nn.data.graphs.undirected import to_undirected

ATOMS = (0.5, -1.0, 1.5, 0.0)  # what one of each kind adds


def molecules_like(count, seed=0, min_nodes=4, max_nodes=12):
    """Random trees of four kinds of atoms and two kinds of bonds.

    `y = (sum over atoms of value(kind) + sum over strong bonds of
    value(kind) of one end * value(kind) of the other) / atoms`: what an atom
    adds depends on what it is bound to.

    Args:
        count: int. How many graphs.
        seed: int. The same seed gives the same graphs.
        min_nodes: int. Atoms of the smallest graph, at least 1.
        max_nodes: int. Atoms of the largest graph.

    Returns:
        `(graphs, targets)`: a list of undirected graphs, see `check_graph`,
        with one-hot kinds as node and edge features, and a float array
        `(count, 1)`.

    Raises:
        ValueError: If the sizes are none.

    Example:

    >>> graphs, targets = molecules_like(2)
    >>> graphs[0]["node_features"].shape[1], graphs[0]["edge_features"].shape[1]
    (4, 2)
    """
    if not 1 <= min_nodes <= max_nodes:
        raise ValueError(
            "Molecules need `1 <= min_nodes <= max_nodes`. Received: "
            f"{min_nodes=}, {max_nodes=}"
        )
    generator = np.random.default_rng(seed)
    values = np.array(ATOMS)
    graphs, targets = [], []
    for _ in range(count):
        size = int(generator.integers(min_nodes, max_nodes + 1))
        kinds = generator.integers(0, len(ATOMS), size)
        parents = [int(generator.integers(0, n)) for n in range(1, size)]
        edges = np.array(
            [(parent, n + 1) for n, parent in enumerate(parents)], "int32"
        ).reshape(-1, 2)
        strong = generator.integers(0, 2, len(edges))
        ends = values[kinds[edges]].prod(axis=1)
        total = values[kinds].sum() + (strong * ends).sum()
        targets.append(total / size)
        graphs.append(
            to_undirected(
                {
                    "node_features": np.eye(len(ATOMS), dtype="float32")[kinds],
                    "edge_index": edges,
                    "edge_features": np.eye(2, dtype="float32")[strong],
                }
            )
        )
    return graphs, np.array(targets, "float32")[:, None]
