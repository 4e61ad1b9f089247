import gzip

import numpy as np
import pytest

from keras_nn.data.graphs import read_ogb_folder


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(f"{path}.csv.gz", "wt") as file:
            file.write(text)


FILES = {
    "raw__edge": "0,1\n1,2\n1,0\n",
    "raw__num_node_list": "3\n2\n",
    "raw__num_edge_list": "2\n1\n",
    "raw__node_feat": "1,2\n3,4\n5,6\n7,8\n9,10\n",
    "raw__edge_feat": "0.5\n1.5\n2.5\n",
    "raw__graph_label": "1,\n0,1\n",
    "split__scaffold__train": "1\n",
    "split__scaffold__valid": "0\n",
    "split__scaffold__test": "0\n1\n",
}


def test_graphs_labels_and_splits(tmp_path):
    write(tmp_path, **FILES)
    graphs, labels, splits = read_ogb_folder(tmp_path)
    assert [len(graph["node_features"]) for graph in graphs] == [3, 2]
    assert graphs[1]["node_features"].tolist() == [[7, 8], [9, 10]]
    assert graphs[0]["edge_features"].ravel().tolist() == [0.5, 1.5]
    # A label that is not known stays unknown.
    np.testing.assert_array_equal(labels, [[1, np.nan], [0, 1]])
    assert {k: v.tolist() for k, v in splits.items()} == {
        "train": [1],
        "validation": [0],
        "test": [0, 1],
    }


def test_edges_get_their_reverse(tmp_path):
    write(tmp_path, **FILES)
    graphs, _, _ = read_ogb_folder(tmp_path, add_inverse_edges=True)
    edges = [[0, 1], [1, 0], [1, 2], [2, 1]]
    assert graphs[0]["edge_index"].tolist() == edges
    assert graphs[0]["edge_features"].ravel().tolist() == [0.5, 0.5, 1.5, 1.5]


@pytest.mark.parametrize(
    "name, text, error",
    [
        ("raw__num_edge_list", "2\n2\n", "edge list must have 4 rows"),
        ("raw__node_feat", "1,2\n", "node features must have 5 rows"),
        ("raw__edge", "0,x\n", "edge.csv must be a table of numbers"),
        ("raw__edge", "0,5\n1,2\n1,0\n", "must name nodes, 0 to 2"),
    ],
)
def test_says_what_does_not_fit(name, text, error, tmp_path):
    write(tmp_path, **{**FILES, name: text})
    with pytest.raises(ValueError, match=error):
        read_ogb_folder(tmp_path)


def test_one_graph_needs_no_lists_and_no_label_for_each_node(tmp_path):
    for name, text in (
        ("edge", "0,1\n1,2\n"),
        ("node-feat", "1,2\n3,4\n5,6\n"),
        ("node-label", "2\n\n0\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(text)
    (graph,), labels, splits = read_ogb_folder(tmp_path)
    assert graph["edge_index"].tolist() == [[0, 1], [1, 2]]
    np.testing.assert_array_equal(labels, [2, np.nan, 0])
    assert splits == {}


def test_says_which_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="edge.csv"):
        read_ogb_folder(tmp_path)
