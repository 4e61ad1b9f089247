import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from keras_nn.data import load
from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs.planetoid import CORA_FILES
from keras_nn.data.graphs.planetoid import parse_planetoid

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent"), "planetoid", "data")
needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with the official files in "
    "planetoid/data/",
)


def contents(**changes):
    """Six nodes, of which 5 and 4, in this order, are the test set."""
    x = scipy.sparse.csr_matrix(np.arange(12.0).reshape(6, 2))
    y = np.eye(2, dtype="int64")[[0, 1, 0, 1, 1, 0]]
    parts = {
        "x": x[:2],
        "y": y[:2],
        "allx": x[:4],
        "ally": y[:4],
        "tx": x[[5, 4]],
        "ty": y[[5, 4]],
        "graph": {0: [1, 5], 1: [0], 4: [4]},
    }
    files = {name: pickle.dumps(part) for name, part in parts.items()}
    return {**files, "test.index": b"5\n4\n", **changes}


def test_nodes_of_the_test_set_come_to_their_places():
    graph, labels, (train, _, test) = parse_planetoid(contents())
    expected = np.arange(12.0).reshape(6, 2)
    np.testing.assert_array_equal(graph["node_features"], expected)
    assert labels.tolist() == [0, 1, 0, 1, 1, 0]
    assert np.flatnonzero(train).tolist() == [0, 1]
    assert np.flatnonzero(test).tolist() == [4, 5]
    edges = sorted(map(tuple, graph["edge_index"].tolist()))
    assert edges == [(0, 1), (0, 5), (1, 0), (4, 4), (5, 0)]


def test_refuses_a_test_set_that_does_not_fit():
    with pytest.raises(ValueError, match="4 to 5. Received: 2 from 5 to 6"):
        parse_planetoid(contents(**{"test.index": b"5\n6\n"}))


def test_refuses_a_forbidden_class_in_a_file():
    with pytest.raises(pickle.UnpicklingError, match="builtins.eval"):
        parse_planetoid(contents(graph=pickle.dumps(eval)))


def test_addresses_are_pinned():
    for file in CORA_FILES.values():
        assert "/planetoid/af6abf46" in file.url and len(file.sha256) == 64


@needs_files
def test_official_files_give_the_official_split():
    splits = load("cora", path=FOLDER)
    graph = check_graph(splits.train.graph)
    assert graph["node_features"].shape == (2708, 1433)
    # As published: 5,429 links, of which 151 repeat another, both ways.
    assert len(graph["edge_index"]) == 10556
    assert graph["node_features"].sum() == 49216
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [
        140,
        500,
        1000,
    ]
    counts = np.bincount(splits.train.y[splits.train.mask])
    assert counts.tolist() == [20] * 7
    assert np.bincount(splits.train.y).tolist() == [
        351,
        217,
        418,
        818,
        426,
        298,
        180,
    ]


@needs_files
def test_a_damaged_file_is_refused_by_name(tmp_path):
    for file in CORA_FILES.values():
        shutil.copyfile(FOLDER / file.name, tmp_path / file.name)
    victim = tmp_path / "ind.cora.ally"
    victim.write_bytes(victim.read_bytes()[:-1])
    with pytest.raises(ValueError, match="ind.cora.ally.*Received: .*bytes"):
        load("cora", path=tmp_path)
