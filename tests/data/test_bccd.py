import os
import shutil
from pathlib import Path

import pytest

from keras_nn.data import load

FOLDER = Path(os.environ.get("KERAS_NN_DATA", "absent")) / "bccd"
needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="KERAS_NN_DATA names no folder with the official files in bccd/",
)


def test_an_absent_folder_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="BCCD of https://.*d272fb14"):
        load("bccd", path=tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="datasets/bccd"):
        load("bccd")


@needs_files
def test_the_official_split_and_its_boxes():
    splits = load("bccd", path=FOLDER)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [205, 87, 72]
    assert splits.class_names == ("Platelets", "RBC", "WBC")
    assert splits.train.shape == (192, 256, 3)
    boxes = sum((part.y[..., 4] >= 0).sum() for part in parts)
    assert boxes == 4888 - 2  # without the two that have no area
    x, _ = splits.test.take(2).arrays()
    assert x.dtype == "uint8" and x.std() > 10


@needs_files
def test_a_damaged_file_is_refused(tmp_path):
    copy = shutil.copytree(FOLDER, tmp_path / "copy", copy_function=shutil.copy)
    victim = copy / "BCCD/Annotations/BloodImage_00007.xml"
    victim.chmod(0o644)
    victim.write_text(victim.read_text() + " ")
    with pytest.raises(ValueError, match="does not hold the expected files"):
        load("bccd", path=copy)
