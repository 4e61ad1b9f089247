import os
from pathlib import Path

import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import read_tu_text

FILE = Path(os.environ.get("KERAS_NN_DATA", "absent"), "tu_graphs/MUTAG")
FILE = FILE / "MUTAG.txt"


@pytest.mark.skipif(
    not FILE.is_file(),
    reason="KERAS_NN_DATA names no folder with tu_graphs/MUTAG/MUTAG.txt",
)
def test_mutag_is_as_published():
    graphs, labels = read_tu_text(FILE)
    assert len(graphs) == 188 and sorted(np.bincount(labels)) == [63, 125]
    sizes = [len(check_graph(graph)["node_features"]) for graph in graphs]
    assert np.mean(sizes) == pytest.approx(17.93, abs=5e-3)
    edges = [len(graph["edge_index"]) / 2 for graph in graphs]
    assert np.mean(edges) == pytest.approx(19.79, abs=5e-3)
    assert graphs[0]["node_features"].shape[1] == 7


def test_labels_and_tags_are_numbered_in_order(tmp_path):
    text = "2\n2 7\n5 1 1\n3 1 0\n1 -1\n9 0\n"
    (tmp_path / "two.txt").write_text(text)
    graphs, labels = read_tu_text(tmp_path / "two.txt")
    assert labels.tolist() == [1, 0]
    assert graphs[0]["node_features"].argmax(1).tolist() == [1, 0]
    assert graphs[1]["edge_index"].shape == (0, 2)


@pytest.mark.parametrize(
    "text, error",
    [
        ("1\n2 7\n5 1 1\n", "line after the last"),
        ("1\n2 7\n5 1 2\n3 1 0\n", r"0 to 1. Received: \[2\]"),
        ("1\n2 7\n5 2 1\n3 1 0\n", "its 2 neighbours"),
        ("1\nx 7\n", "line 2 must hold 2 whole numbers. Received: 'x 7'"),
        ("", "line after the last"),
    ],
)
def test_says_where_the_file_is_wrong(text, error, tmp_path):
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(ValueError, match=error):
        read_tu_text(tmp_path / "a.txt")
