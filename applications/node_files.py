"""Nodes of one graph, some with labels, as the user's files hold them."""

import dataclasses
from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn.applications.graphml_nodes import read_graphml_nodes
from keras_nn.applications.node_tables import PARTS
from keras_nn.applications.node_tables import edges_of
from keras_nn.applications.node_tables import read_tables
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import read_edge_list
from keras_nn.data.graphs import read_ogb_folder
from keras_nn.data.graphs import to_undirected
from keras_nn.data.stratified import stratified_split

TEST_SHARE = 0.2
LAYOUTS = (
    "a folder with edges.csv (or .txt, .tsv) and nodes.csv, or one in the "
    "layout of the Open Graph Benchmark, with edge.csv.gz, node-feat.csv.gz "
    "and node-label.csv.gz, or a file .graphml"
)


@dataclasses.dataclass(frozen=True)
class LabelledNodes:
    """What a user's files say of the nodes of a graph.

    Args:
        graph: dict, see `keras_nn.data.graphs.check_graph`.
        y: int64 array `(nodes,)`: labels; -1 where none is given.
        names: list of str, the nodes.
        class_names: list of str.
        part: list of str: the part of a node, of `PARTS`, or `""`.
        feature_names: tuple of str or None: the columns of features; the
            nodes, where a node is described by who it is.
    """

    graph: dict
    y: np.ndarray
    names: list
    class_names: list
    part: list
    feature_names: tuple | None = None

    def whole(self):
        """A `NodeSplit` of all nodes with a label."""
        if not (self.y >= 0).any():
            raise WrongRequest(
                "At least one node must have a label to be measured on. "
                f"Received: {len(self.y)} nodes without any"
            )
        return NodeSplit(self.graph, self.y, self.y >= 0)

    def splits(self, path, seed):
        """`data.Splits` of the parts in the files, or drawn with a seed."""
        known = np.flatnonzero(self.y >= 0)
        if any(self.part):
            part = np.array(self.part)
            masks = [(part == name) & (self.y >= 0) for name in PARTS]
            how = "in the parts that the files give"
        else:
            labels = self.y[known]
            rest, test = stratified_split(labels, TEST_SHARE, seed)
            stay, validation = stratified_split(labels[rest], TEST_SHARE, seed)
            rows = (rest[stay], rest[validation], test)
            masks = [
                np.isin(np.arange(len(self.y)), known[row]) for row in rows
            ]
            how = f"in parts drawn with {seed=}: 64, 16 and 20 %"
        if not masks[0].any() or not masks[2].any():
            raise WrongRequest(
                "Nodes of train and of test must have labels. Received: "
                f"{[int(mask.sum()) for mask in masks]} in {', '.join(PARTS)}"
            )
        return data.Splits(
            *(
                NodeSplit(self.graph, self.y, mask) if mask.any() else None
                for mask in masks
            ),
            class_names=tuple(self.class_names),
            name=Path(path).name,
            source=str(path),
            description=f"A graph of {len(self.y)} nodes; {len(known)} have "
            f"labels, {how}.",
            feature_names=self.feature_names,
        )


def read_labelled_nodes(path):
    """Reads the files of a graph: a `LabelledNodes`.

    In `nodes.csv` the first column names the node; `label` is its class,
    empty where unknown; `split` is `train`, `validation` or `test`, if there
    is that column; all others are numbers, its features. Without such a node
    is described by who it is. `edges.csv` holds `source,target[,weight]`,
    with or without a head line; edges lead both ways. In a GraphML file the
    attributes of nodes are what the columns are here, and `weight` of an edge
    is its weight.

    Args:
        path: str. The folder, or a file `.graphml`.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        WrongRequest: If the files are not in one of the two layouts, naming
            the file and the line.
    """
    folder = Path(path)
    if not folder.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    if folder.suffix == ".graphml" and folder.is_file():
        return LabelledNodes(**read_graphml_nodes(folder))
    if not folder.is_dir():
        raise WrongRequest(f"Nodes are read from {LAYOUTS}. Received: {path}")
    if any(_find(raw, "edge") for raw in (folder, folder / "raw")):
        return _read_benchmark(folder)
    edges = _find(folder, "edges")
    if edges is None or not (folder / "nodes.csv").exists():
        found = sorted(file.name for file in folder.iterdir())[:8]
        raise WrongRequest(
            f"Nodes are read from {LAYOUTS}. Received: {path} with {found}"
        )
    return LabelledNodes(**read_tables(edges, folder / "nodes.csv"))


def read_graph(path):
    """A graph of the user's, with or without labels: a `LabelledNodes`.

    Args:
        path: str. A folder as `read_labelled_nodes` takes it, or a text file
            of edges, see `keras_nn.data.graphs.read_edge_list`.
    """
    if not Path(path).is_file() or Path(path).suffix == ".graphml":
        return read_labelled_nodes(path)
    graph, names = read_edge_list(path)
    unknown = np.full(len(names), -1)
    part = [""] * len(names)
    return LabelledNodes(graph, unknown, names, [], part, tuple(names))


def read_known_graph(path, names):
    """As `read_graph`, once its nodes are those that a model knows.

    Args:
        path: str.
        names: list of str, the nodes in their order, or None: any.

    Raises:
        WrongRequest: as `read_labelled_nodes`, or on other nodes.
    """
    nodes = read_graph(path)
    if names is not None and nodes.names != names:
        raise WrongRequest(
            f"The model knows the {len(names)} nodes of the graph that it was "
            f"trained on, {names[:3]} and so on, in their order. Received: "
            f"{len(nodes.names)}, {nodes.names[:3]} and so on"
        )
    return nodes


def names_of(splits):
    """The names of nodes that are described by who they are, or None."""
    features = np.asarray(splits.train.graph["node_features"])
    count, width = features.shape
    if splits.feature_names is None or count != width:
        return None
    same = np.array_equal(features, np.eye(count))
    return list(splits.feature_names) if same else None


def read_pairs(path, names):
    """Pairs of nodes by name from `pairs.csv`, `.tsv` or `.txt`, or None.

    Args:
        path: str. The folder.
        names: list of str, the nodes.

    Returns:
        An int array `(pairs, 2)`, or None where there is no such file.
    """
    found = _find(Path(path), "pairs") if Path(path).is_dir() else None
    if found is None:
        return None
    return edges_of(found, {n: i for i, n in enumerate(names)})["edge_index"]


def _read_benchmark(folder):
    """The layout of the Open Graph Benchmark, one graph."""
    try:
        graphs, labels, splits = read_ogb_folder(folder)
    except ValueError as error:
        raise WrongRequest(str(error)) from error
    nodes = len(graphs[0]["node_features"])
    shape = None if labels is None else labels.shape
    if len(graphs) != 1 or shape != (nodes,):
        raise WrongRequest(
            f"{folder} must hold one graph, and in node-label.csv a label, or "
            f"nothing, for each of its {nodes} nodes. Received: {len(graphs)} "
            f"graphs, labels of shape {shape}"
        )
    y = np.where(np.isnan(labels), -1, labels).astype("int64")
    part = np.full(nodes, "", dtype=object)
    for name, chosen in splits.items():
        part[chosen] = name
    return LabelledNodes(
        to_undirected(graphs[0]),
        y,
        [str(n) for n in range(nodes)],
        [str(n) for n in range(y.max() + 1)],
        part.tolist(),
    )


def _find(folder, stem):
    for suffix in (".csv", ".csv.gz", ".tsv", ".txt"):
        if (folder / f"{stem}{suffix}").exists():
            return folder / f"{stem}{suffix}"
    return None
