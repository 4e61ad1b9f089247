import os
from pathlib import Path

import pytest

from keras_nn import data


def test_official_parts():
    folder = Path(os.environ.get("KERAS_NN_DATA", "absent"), "multi30k")
    if not folder.is_dir():
        pytest.skip("KERAS_NN_DATA names no folder with multi30k in it")
    splits = data.load("multi30k-en-de", path=folder)
    sizes = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert sizes == [29_000, 1014, 1000]
    assert splits.test.sources[0] == (
        "A man in an orange hat starring at something."
    )
    assert splits.test.targets[0].startswith("Ein Mann mit einem orange")


def test_says_which_file_is_missing_or_damaged(tmp_path):
    with pytest.raises(FileNotFoundError, match="train.en.gz"):
        data.load("multi30k-en-de", path=tmp_path)
    (tmp_path / "train.en.gz").write_bytes(b"no gzip")
    with pytest.raises(ValueError, match="not a whole gzip file"):
        data.load("multi30k-en-de", path=tmp_path)
