import os
from pathlib import Path

import numpy as np
import pytest

from keras_nn import data
from keras_nn.data.graphs.mutag import mutag

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent"), "tu_graphs", "MUTAG")


@pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with tu_graphs/MUTAG/",
)
def test_mutag_has_ten_folds_of_188_molecules():
    sizes = []
    for fold in (1, 10):
        splits = mutag(FOLDER, fold)
        assert len(splits.train) + len(splits.test) == 188
        assert splits.train.shape == (7,)
        sizes.append(len(splits.test))
    assert sizes[0] == 18
    whole = np.concatenate([splits.train.y, splits.test.y])
    assert np.bincount(whole).tolist() == [63, 125]


def test_damaged_and_missing_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="MUTAG.txt"):
        data.load("mutag", tmp_path)
    (tmp_path / "MUTAG.txt").write_text("1\n")
    with pytest.raises(ValueError, match="sha256"):
        data.load("mutag", tmp_path)
