import os
from pathlib import Path

import numpy as np
import pytest

from keras_nn import data
from keras_nn.data.graphs.mutag import mutag

DATA = os.environ.get("KERAS_NN_DATA", "")


def folder(*parts):
    path = Path(DATA, *parts)
    if not DATA or not path.is_dir():
        pytest.skip(f"KERAS_NN_DATA has no folder {'/'.join(parts)}")
    return path


def test_mutag_has_ten_folds_of_188_molecules():
    path = folder("tu_graphs", "MUTAG")
    sizes = []
    for fold in (1, 10):
        splits = mutag(path, fold)
        assert len(splits.train) + len(splits.test) == 188
        assert splits.train.shape == (7,)
        sizes.append(len(splits.test))
    assert sizes[0] == 18
    whole = np.concatenate([splits.train.y, splits.test.y])
    assert np.bincount(whole).tolist() == [63, 125]


def test_esol_has_1128_molecules():
    pytest.importorskip("rdkit")
    splits = data.load("esol", folder("molecules"))
    parts = (splits.train, splits.validation, splits.test)
    assert sum(map(len, parts)) == 1128 and len(splits.test) == 113
    assert splits.test.y.shape == (113, 1)


def test_damaged_and_missing_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="MUTAG.txt"):
        data.load("mutag", tmp_path)
    (tmp_path / "MUTAG.txt").write_text("1\n")
    with pytest.raises(ValueError, match="sha256"):
        data.load("mutag", tmp_path)
