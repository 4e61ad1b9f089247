import gzip
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from keras_nn.data import load

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent")) / "mnist"
needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with the official files in mnist/",
)


@needs_files
def test_official_files_give_the_official_split():
    splits = load("mnist", path=FOLDER, validation_fraction=0)
    assert splits.train.x.shape == (60000, 28, 28, 1)
    assert splits.test.x.shape == (10000, 28, 28, 1)
    assert splits.validation is None
    # Counts and mean as published with the set.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(splits.train.y).tolist() == counts
    assert splits.train.x.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert splits.train.y[:5].tolist() == [5, 0, 4, 1, 9]
    assert splits.class_names == tuple("0123456789")


@needs_files
@pytest.mark.parametrize("damage", ["flipped", "truncated", "not gzip"])
def test_a_damaged_file_is_refused_by_name(tmp_path, damage):
    for file in FOLDER.glob("*.gz"):
        shutil.copyfile(file, tmp_path / file.name)
    victim = tmp_path / "t10k-labels-idx1-ubyte.gz"
    content = bytearray(gzip.decompress(victim.read_bytes()))
    if damage == "flipped":
        content[5000] ^= 1
    packed = gzip.compress(content)
    packed = {
        "flipped": packed,
        "truncated": packed[:-100],
        "not gzip": bytes(content),
    }[damage]
    victim.write_bytes(packed)
    with pytest.raises(ValueError, match="t10k-labels.*Received: .*bytes"):
        load("mnist", path=tmp_path)
