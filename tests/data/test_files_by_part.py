from pathlib import Path

import pytest

from keras_nn.data.files_by_part import files_by_part
from keras_nn.data.files_by_part import folders_beside


def find(path):
    return files_by_part(path, ".txt", Path.is_file, "notes")


def test_parts_are_told_by_file_or_folder(tmp_path):
    for name in ("train/a.txt", "annotations/instances_val2017.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    (tmp_path / "my-test.txt").touch()
    parts = {file.name: part for file, part in find(tmp_path)}
    assert parts == {
        "my-test.txt": "test",
        "instances_val2017.txt": "validation",
        "a.txt": "train",
    }
    (tmp_path / "val2017").mkdir()
    file = tmp_path / "annotations" / "instances_val2017.txt"
    assert folders_beside(file)[0] == tmp_path / "val2017"
    assert folders_beside(file, "elsewhere") == [Path("elsewhere")]


def test_one_file_is_the_training_part(tmp_path):
    (tmp_path / "test.txt").touch()
    assert find(tmp_path) == [(tmp_path / "test.txt", "train")]
    assert find(tmp_path / "test.txt") == find(tmp_path)


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="folder of notes"):
        find(tmp_path / "none")
    with pytest.raises(ValueError, match=r"\.txt files of notes.* without one"):
        find(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.txt").touch()
    with pytest.raises(ValueError, match="which part it is"):
        find(tmp_path)
