import gzip

import numpy as np
import pytest

from keras_nn.applications import WrongRequest
from keras_nn.applications.node_files import read_labelled_nodes

NODES = """name,label,age,split
Ann,10,3.5,train
Bob,9,4,test
Cid,,5,
Dee,9,6,validation
"""


def folder(tmp_path, edges, nodes=NODES, name="edges.csv"):
    (tmp_path / name).write_text(edges)
    (tmp_path / "nodes.csv").write_text(nodes)
    return tmp_path


@pytest.mark.parametrize(
    "name, edges",
    [
        ("edges.csv", "a,b,w\nAnn,Bob,0.5\nBob,Cid,2\n"),
        ("edges.tsv", "Ann\tBob\t0.5\n\nBob\tCid\t2\n"),
        ("edges.txt", "# friends\nAnn Bob 0.5\nBob Cid 2 # old\n"),
    ],
)
def test_reads_tables(name, edges, tmp_path):
    nodes = read_labelled_nodes(folder(tmp_path, edges, name=name))
    assert nodes.names == ["Ann", "Bob", "Cid", "Dee"]
    assert nodes.class_names == ["9", "10"]  # as numbers
    assert nodes.y.tolist() == [1, 0, -1, 0]
    graph = nodes.graph
    assert graph["node_features"][:, 0].tolist() == [3.5, 4, 5, 6]
    pairs = [*map(tuple, graph["edge_index"].tolist())]
    weights = dict(zip(pairs, graph["edge_weights"].tolist(), strict=True))
    assert weights == {(0, 1): 0.5, (1, 0): 0.5, (1, 2): 2, (2, 1): 2}
    splits = nodes.splits(tmp_path, seed=0)
    parts = (splits.train, splits.validation, splits.test)
    assert [np.flatnonzero(part.mask).tolist() for part in parts] == [
        [0],
        [3],
        [1],
    ]


def test_without_columns_a_node_is_who_it_is_and_parts_are_drawn(tmp_path):
    rows = "\n".join(f"n{i},{'xy'[i % 2]}" for i in range(50))
    path = folder(tmp_path, "n0,n1", f"name,label\n{rows}")
    nodes = read_labelled_nodes(path)
    np.testing.assert_array_equal(nodes.graph["node_features"], np.eye(50))
    splits = nodes.splits(path, seed=1)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [32, 8, 10]
    assert sum(part.mask.astype(int) for part in parts).tolist() == [1] * 50
    assert len(nodes.whole()) == 50


def test_reads_the_layout_of_the_benchmark(tmp_path):
    raw = tmp_path / "raw"
    (tmp_path / "split" / "time").mkdir(parents=True)
    raw.mkdir()

    def write(path, text):
        with gzip.open(path, "wt") as file:
            file.write(text)

    write(raw / "edge.csv.gz", "0,1\n1,2\n")
    write(raw / "node-feat.csv.gz", "1,2\n3,4\n5,6\n")
    write(raw / "node-label.csv.gz", "2\n\n0\n")
    for name, rows in (("train", "0\n"), ("valid", ""), ("test", "2\n")):
        write(tmp_path / "split" / "time" / f"{name}.csv.gz", rows)
    nodes = read_labelled_nodes(tmp_path)
    assert nodes.y.tolist() == [2, -1, 0]
    assert nodes.class_names == ["0", "1", "2"]
    assert nodes.graph["edge_index"].tolist() == [
        [1, 0],
        [0, 1],
        [2, 1],
        [1, 2],
    ]
    splits = nodes.splits(tmp_path, seed=0)
    assert splits.validation is None
    assert splits.train.mask.tolist() == [True, False, False]
    write(raw / "node-label.csv.gz", "2\n")
    with pytest.raises(WrongRequest, match=r"labels of shape \(1,\)"):
        read_labelled_nodes(tmp_path)
    write(raw / "node-feat.csv.gz", "1,x\n")
    with pytest.raises(WrongRequest, match="node-feat"):
        read_labelled_nodes(tmp_path)


@pytest.mark.parametrize(
    "edges, nodes, text",
    [
        ("Ann,Bob\nAnn,Eve", NODES, "line 2 .* Received: 'Ann,Eve'"),
        ("Ann,Bob,x", NODES, "line 1 .* Received: 'Ann,Bob,x'"),
        ("Ann,Bob\nBob,Cid,1", NODES, "Either every edge"),
        ("Ann,Bob", "name,label\nAnn,1\nAnn,2", "Received: 'Ann' twice"),
        ("Ann,Bob", "name,label\nAnn,1\nBob", "of as many cells"),
        ("Ann,Bob", "name,age\nAnn,old\nBob,2", "`age` must hold numbers"),
        ("Ann,Bob", "name,split\nAnn,dev\nBob,", "Received: 'dev'"),
        ("Ann,Bob", "", "Received: 0 rows"),
    ],
)
def test_says_what_is_wrong_with_a_file(edges, nodes, text, tmp_path):
    with pytest.raises(WrongRequest, match=text):
        read_labelled_nodes(folder(tmp_path, edges, nodes))


def test_refuses_files_folders_without_and_what_is_not_there(tmp_path):
    with pytest.raises(WrongRequest, match="Received: .* with \\[\\]"):
        read_labelled_nodes(tmp_path)
    (tmp_path / "one.txt").write_text("")
    with pytest.raises(WrongRequest, match="Received: .*one.txt"):
        read_labelled_nodes(tmp_path / "one.txt")
    with pytest.raises(FileNotFoundError, match="Received: .*absent"):
        read_labelled_nodes(tmp_path / "absent")
    path = folder(tmp_path, "Ann,Bob", "name,label\nAnn,\nBob,1")
    nodes = read_labelled_nodes(path)
    with pytest.raises(ValueError, match="Received: "):
        nodes.splits(path, 0)
    unlabelled = folder(tmp_path, "Ann,Bob", "name\nAnn\nBob")
    with pytest.raises(WrongRequest, match="Received: 2 nodes"):
        read_labelled_nodes(unlabelled).whole()
