import gzip
from pathlib import Path

import numpy as np

from keras_nn.data.graphs.graph import check_graph

PARTS = {"train": "train", "valid": "validation", "test": "test"}


def read_ogb_folder(path, add_inverse_edges=False):
    """Graphs in the text format of the Open Graph Benchmark.

    A folder with `raw/edge.csv.gz`, `raw/num-node-list.csv.gz`,
    `raw/num-edge-list.csv.gz`, perhaps `raw/node-feat.csv.gz`,
    `raw/edge-feat.csv.gz`, `raw/node-label.csv.gz` or
    `raw/graph-label.csv.gz`, and `split/NAME/{train,valid,test}.csv.gz`; each
    may be without `.gz`, and those of `raw` in the folder itself. One graph
    with features of its nodes needs no lists. An empty label, or `nan`, is
    one that is not known.

    Args:
        path: str. The folder.
        add_inverse_edges: bool. Whether every edge gets its reverse, with the
            same features, as data sets of undirected graphs ask for. Defaults
            to False.

    Returns:
        `(graphs, labels, splits)`: a list of graphs, see `check_graph`, whose
        nodes without features get a 1; an array of the labels of nodes or
        graphs, float where one is not known, or None; a dict of int arrays
        of `"train"`, `"validation"` and `"test"`, empty where the folder has
        no split.

    Raises:
        FileNotFoundError: If a file that is needed is missing.
        ValueError: If files do not fit together.

    Example:

    >>> folder = Path("ogb")
    >>> (folder / "raw").mkdir(parents=True)
    >>> for name, text in (
    ...     ("edge", "0,1\\n1,2\\n0,1\\n"),
    ...     ("num-node-list", "3\\n2\\n"),
    ...     ("num-edge-list", "2\\n1\\n"),
    ...     ("graph-label", "1\\n0\\n"),
    ... ):
    ...     _ = (folder / "raw" / f"{name}.csv").write_text(text)
    >>> graphs, labels, splits = read_ogb_folder(folder)
    >>> [graph["edge_index"].tolist() for graph in graphs], labels.tolist()
    ([[[0, 1], [1, 2]], [[0, 1]]], [1, 0])

    Reference:
        [Hu et al., 2020](https://arxiv.org/abs/2005.00687)
    """
    raw = Path(path) / "raw"
    raw = raw if raw.is_dir() else Path(path)
    edges = _table(raw / "edge.csv", int)
    values = {
        name: _table(raw / f"{name}-feat.csv", float, needed=False)
        for name in ("node", "edge")
    }
    one = values["node"] is not None
    nodes = _sizes(raw / "num-node-list.csv", values["node"] if one else None)
    counts = _sizes(raw / "num-edge-list.csv", edges if one else None)
    expected = {"node": nodes.sum(), "edge": counts.sum()}
    sizes = {"edge list": (len(edges), counts.sum())}
    for name, table in values.items():
        if table is not None:
            sizes[f"{name} features"] = (len(table), expected[name])
    for name, (found, wanted) in sizes.items():
        if found != wanted:
            raise ValueError(
                f"{path}: the {name} must have {wanted} rows. Received: "
                f"{found} rows"
            )
    graphs = []
    node_ends, edge_ends = np.cumsum(nodes), np.cumsum(counts)
    for node_end, edge_end, size, count in zip(
        node_ends, edge_ends, nodes, counts, strict=True
    ):
        rows = slice(edge_end - count, edge_end)
        graph = {
            "node_features": np.ones((size, 1))
            if values["node"] is None
            else values["node"][node_end - size : node_end],
            "edge_index": edges[rows].reshape(-1, 2),
        }
        if values["edge"] is not None:
            graph["edge_features"] = values["edge"][rows]
        graphs.append(check_graph(_both_ways(graph, add_inverse_edges)))
    return graphs, _labels(raw), _splits(Path(path) / "split")


def _sizes(path, rows):
    """The sizes of all graphs; of one, if there is no list, all `rows`."""
    table = _table(path, int, needed=rows is None)
    return np.array([len(rows)]) if table is None else table[:, 0]


def _both_ways(graph, wanted):
    if not wanted:
        return graph
    edges = graph["edge_index"]
    # Each edge and its reverse side by side, as in the benchmark's own loader.
    both = np.stack([edges, edges[:, ::-1]], axis=1).reshape(-1, 2)
    doubled = {"edge_index": both}
    if "edge_features" in graph:
        doubled["edge_features"] = np.repeat(graph["edge_features"], 2, axis=0)
    return {**graph, **doubled}


def _labels(raw):
    for name in ("node-label", "graph-label"):
        table = _table(raw / f"{name}.csv", float, needed=False, empty="nan")
        if table is not None:
            whole = np.isfinite(table).all() and (table == table.round()).all()
            table = table.astype("int64" if whole else "float32")
            return table[:, 0] if table.shape[1] == 1 else table
    return None


def _splits(folder):
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    if not found:
        return {}
    return {
        ours: _table(found[0] / f"{theirs}.csv", int)[:, 0]
        for theirs, ours in PARTS.items()
    }


def _table(path, kind, needed=True, empty=""):
    packed = path.with_name(f"{path.name}.gz")
    if packed.is_file():
        text = gzip.open(packed, "rt").read()
    elif path.is_file() or needed:
        text = path.read_text()
    else:
        return None
    rows = [line.strip() or empty for line in text.splitlines()]
    rows = [line for line in rows if line]
    try:
        table = [
            [kind(word or "nan") for word in line.split(",")] for line in rows
        ]
        width = len(table[0]) if table else 1
        return np.array(table, kind).reshape(-1, width)
    except ValueError as error:
        raise ValueError(
            f"{path} must be a table of numbers. Received: {error}"
        ) from error
