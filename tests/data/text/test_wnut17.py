import os

import numpy as np
import pytest

from keras_nn.data.text.wnut17 import wnut17


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="wnut17train.conll"):
        wnut17(tmp_path)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "wnut17train.conll").write_text("so O\n")
    with pytest.raises(ValueError, match="sha256"):
        wnut17(tmp_path)


def test_the_official_files():
    folder = os.path.join(os.environ.get("KERAS_NN_DATA", ""), "wnut17")
    if not os.path.isdir(folder):
        pytest.skip("KERAS_NN_DATA names no folder with wnut17")
    splits = wnut17(folder)
    sizes = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert sizes == [3394, 1009, 1287]
    assert len(splits.class_names) == 13
    begun = np.array([name.startswith("B-") for name in splits.class_names])
    assert sum(begun[row].sum() for row in splits.train.y) == 1975
