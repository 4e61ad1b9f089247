from pathlib import Path

import numpy as np


def read_tu_text(path):
    """Graphs in the text format of graph-kernel benchmarks (MUTAG, PTC ...).

    The first line is the number of graphs. A graph is a line `nodes label`,
    then a line `tag count neighbour neighbour ...` for each node.

    Args:
        path: str. The file.

    Returns:
        `(graphs, labels)`: a list of graphs, see `check_graph`, whose node
        features are the one-hot tags in ascending order, and an int array of
        the labels from 0 on, in ascending order.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not in this format; the text names the line.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "two.txt")
    >>> _ = path.write_text("1\\n2 5\\n0 1 1\\n3 1 0\\n")
    >>> graphs, labels = read_tu_text(path)
    >>> graphs[0]["node_features"].tolist(), graphs[0]["edge_index"].tolist()
    ([[1.0, 0.0], [0.0, 1.0]], [[1, 0], [0, 1]])
    """
    return parse_tu_text(Path(path).read_text(), path)


def parse_tu_text(text, path):
    """`read_tu_text` of a text; `path` is for messages."""
    lines = iter(enumerate(text.splitlines(), start=1))
    (count,) = _numbers(lines, path, 1)
    tags, edges, labels = [], [], []
    for _ in range(count):
        nodes, label = _numbers(lines, path, 2)
        labels.append(label)
        tags.append([])
        edges.append([])
        for node in range(nodes):
            tag, degree, *near = _numbers(lines, path)
            if degree != len(near) or any(not 0 <= n < nodes for n in near):
                raise ValueError(
                    f"{path}: graph {len(labels) - 1}, node {node} must name "
                    f"its {degree} neighbours, 0 to {nodes - 1}. Received: "
                    f"{near}"
                )
            tags[-1].append(tag)
            edges[-1] += [(other, node) for other in near]
    names = np.unique(np.concatenate(tags))
    graphs = [
        {
            "node_features": (np.array(t)[:, None] == names).astype("float32"),
            "edge_index": np.array(e, "int32").reshape(-1, 2),
        }
        for t, e in zip(tags, edges, strict=True)
    ]
    return graphs, np.unique(labels, return_inverse=True)[1]


def _numbers(lines, path, count=None):
    number, line = next(lines, ("after the last", ""))
    try:
        found = [int(word) for word in line.split()]
    except ValueError:
        found = []
    if len(found) != count if count else len(found) < 2:
        raise ValueError(
            f"{path}: line {number} must hold {count or 'two or more'} whole "
            f"numbers. Received: {line[:80]!r}"
        )
    return found
