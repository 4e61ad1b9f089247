import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from keras_nn.data import load
from keras_nn.data.isbi2012 import IMAGES
from keras_nn.data.isbi2012 import LABELS

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent")) / "isbi2012"
needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with the official files in isbi2012/",
)


def test_every_file_has_its_checksum():
    lines = (IMAGES + LABELS).splitlines()
    assert len({line.split()[0] for line in lines}) == len(lines) == 60


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="isbi2012/image.*0.png"):
        load("isbi2012", path=tmp_path)


@needs_files
def test_the_first_25_pictures_train_the_last_5_test():
    splits = load("isbi2012", path=FOLDER, validation_fraction=0.2)
    assert [len(s) for s in (splits.train, splits.validation, splits.test)] == [
        20,
        5,
        5,
    ]
    assert splits.train.shape == (512, 512, 1)
    assert splits.class_names == ("membrane", "cell")
    assert set(np.unique(splits.test.y)) == {0, 1}
    assert 0.7 < splits.test.y.mean() < 0.85  # cells, not membranes


@needs_files
def test_a_damaged_file_is_refused(tmp_path):
    copy = shutil.copytree(FOLDER, tmp_path / "copy", copy_function=shutil.copy)
    victim = copy / "data/membrane/train/label/7.png"
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="7.png does not hold"):
        load("isbi2012", path=copy)
