from pathlib import Path

import numpy as np

from keras_nn.data.graphs.undirected import to_undirected


def read_edge_list(path, directed=False):
    """A graph from a text file of edges, one a line: `source target [weight]`.

    Empty lines and what follows a `#` are left out. Nodes are called by any
    words; their features are one-hot, since the file says nothing of them.

    Args:
        path: str. The file.
        directed: bool. Whether a line is one direction only. Defaults to
            False.

    Returns:
        `(graph, names)`: a graph, see `check_graph`, and the list of the names
        of its nodes, in the order in which they occur.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a line is no edge, or only some have weights.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "friends.txt")
    >>> _ = path.write_text("# friends\\nAnn Bob 0.5\\nBob Cid 2\\n")
    >>> graph, names = read_edge_list(path, directed=True)
    >>> names, graph["edge_index"].tolist(), graph["edge_weights"].tolist()
    (['Ann', 'Bob', 'Cid'], [[0, 1], [1, 2]], [0.5, 2.0])
    """
    rows = []
    for number, line in enumerate(Path(path).read_text().splitlines(), start=1):
        words = line.split("#")[0].split()
        if not words:
            continue
        rows.append(_edge(words, f"{path}: line {number}"))
        if len(rows[-1]) != len(rows[0]):
            raise ValueError(
                "Either every edge has a weight or none. Received: "
                f"{path}: line {number}: {line[:80]!r}"
            )
    ends = [name for row in rows for name in row[:2]]
    ids = {name: index for index, name in enumerate(dict.fromkeys(ends))}
    graph = {
        "node_features": np.eye(len(ids), dtype="float32"),
        "edge_index": np.array(
            [[ids[name] for name in row[:2]] for row in rows], "int32"
        ).reshape(-1, 2),
    }
    if rows and len(rows[0]) == 3:
        graph["edge_weights"] = np.array([row[2] for row in rows], "float32")
    return (graph if directed else to_undirected(graph)), list(ids)


def _edge(words, where):
    try:
        source, target, *weight = words
        if len(weight) > 1:
            raise ValueError("too many words")
        return (source, target, *map(float, weight))
    except ValueError as error:
        raise ValueError(
            f"{where} must be `source target [weight]`. Received: "
            f"{' '.join(words)[:80]!r}"
        ) from error
