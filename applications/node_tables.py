"""Tables of nodes and edges, as a user keeps them."""

import csv

import numpy as np

from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import to_undirected

PARTS = ("train", "validation", "test")
MOST_NAMES = 20_000  # nodes whose features may be one-hot


def read_tables(edges, nodes):
    """What tables say of nodes: a dict of the arguments of `LabelledNodes`.

    Args:
        edges: `pathlib.Path` of the table of edges.
        nodes: `pathlib.Path` of the table of nodes, a CSV file.

    Raises:
        WrongRequest: naming the file, and the line or column that is wrong.
    """
    with open(nodes, newline="", encoding="utf-8-sig") as file:
        head, *rows = [row for row in csv.reader(file) if any(row)] or [[]]
    if not rows or len({len(row) for row in (head, *rows)}) != 1:
        raise WrongRequest(
            f"{nodes} must hold a head line and a row of as many cells for "
            f"every node. Received: {len(rows)} rows, the head {head}"
        )
    return labelled(head, rows, nodes, lambda ids: edges_of(edges, ids))


def labelled(head, rows, path, edges):
    """A dict of the arguments of `LabelledNodes`, of a table of words.

    Args:
        head: list of str: the names of the columns, the nodes' names first.
        rows: list of lists of str, one a node.
        path: where they are from, for messages.
        edges: function from a dict of names and numbers of nodes to a dict
            with `edge_index`, and perhaps `edge_weights`.
    """
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    names = list(columns.pop(head[0]))
    ids = {name: number for number, name in enumerate(names)}
    if len(ids) < len(names):
        twice = next(n for i, n in enumerate(names) if ids[n] != i)
        raise WrongRequest(
            f"{path} must name every node once. Received: {twice!r} twice"
        )
    labels = columns.pop("label", [""] * len(names))
    part = list(columns.pop("split", [""] * len(names)))
    if unknown := sorted(set(part) - {"", *PARTS}):
        raise WrongRequest(
            f"{path}: `split` must be one of {', '.join(PARTS)}, or empty. "
            f"Received: {unknown[0]!r}"
        )
    classes = sorted(set(labels) - {""}, key=_natural)
    of_class = {"": -1, **{name: i for i, name in enumerate(classes)}}
    features = _features(columns, names, path)
    graph = {"node_features": features, **edges(ids)}
    return {
        "graph": to_undirected(check_graph(graph)),
        "y": np.array([of_class[label] for label in labels], "int64"),
        "names": names,
        "class_names": classes,
        "part": part,
        "feature_names": tuple(columns) or tuple(names),
    }


def _features(columns, names, path):
    if not columns:
        if len(names) > MOST_NAMES:
            raise WrongRequest(
                f"{path} must have columns of features where there are more "
                f"than {MOST_NAMES} nodes. Received: {len(names)} nodes"
            )
        return np.eye(len(names), dtype="float32")
    table = []
    for column, cells in columns.items():
        try:
            table.append([float(cell) for cell in cells])
        except ValueError as error:
            raise WrongRequest(
                f"{path}: the column `{column}` must hold numbers. "
                f"Received: {error}"
            ) from error
    return np.array(table, "float32").T


def edges_of(path, ids):
    """Edges from a table: `edge_index`, and `edge_weights` if there are.

    Args:
        path: `pathlib.Path` of the table, whose ending tells what separates.
        ids: dict from names of nodes to their numbers.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    separator = "," if path.suffix == ".csv" else None
    if path.suffix == ".tsv":
        separator = "\t"
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = [w.strip() for w in line.split("#")[0].split(separator)]
        if not any(cells):
            continue
        known = [name in ids for name in cells[:2]]
        if number == 1 and not any(known):  # a head line
            continue
        try:
            weight = [float(cell) for cell in cells[2:3]]
        except ValueError:
            weight = None
        if weight is None or len(cells) > 3 or known != [True, True]:
            raise WrongRequest(
                f"{path}: line {number} must be a source, a target and perhaps "
                "a weight, of nodes that the table names. Received: "
                f"{line[:80]!r}"
            )
        rows.append([ids[cells[0]], ids[cells[1]], *weight])
    if len({len(row) for row in rows}) > 1:
        raise WrongRequest(
            f"Either every edge has a weight or none. Received: {path}"
        )
    table = np.array(rows or np.zeros((0, 2)), "float64")
    found = {"edge_index": table[:, :2].astype("int32")}
    if table.shape[1] == 3:
        found["edge_weights"] = table[:, 2]
    return found


def _natural(name):
    """Numbers in their order, before words."""
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)
