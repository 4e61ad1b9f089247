import os
from pathlib import Path

import pytest

from keras_nn import data

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent"), "molecules")


@pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with molecules/",
)
def test_esol_has_1128_molecules():
    pytest.importorskip("rdkit")
    splits = data.load("esol", FOLDER)
    parts = (splits.train, splits.validation, splits.test)
    assert sum(map(len, parts)) == 1128 and len(splits.test) == 113
    assert splits.test.y.shape == (113, 1)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="delaney-processed.csv"):
        data.load("esol", tmp_path)
