import pytest

from keras_nn.applications.text_files import labelled_as
from keras_nn.applications.text_files import unlabelled_texts


def test_labels_are_those_of_the_model(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\nyes,good\nno,bad\n")
    split = labelled_as(path, ["fair", "good", "bad"])
    assert split.x.tolist() == ["yes", "no"]
    assert split.y.tolist() == [1, 2]
    with pytest.raises(ValueError, match=r"other classes, \['bad'\]"):
        labelled_as(path, ["good", "fair"])


def test_only_a_part_named_test_is_measured_on(tmp_path):
    (tmp_path / "train.csv").write_text("text,label\nyes,good\nno,bad\n")
    (tmp_path / "test.csv").write_text("text,label\nwell,good\n")
    assert labelled_as(tmp_path, ["bad", "good"]).x.tolist() == ["well"]


def test_texts_without_labels(tmp_path):
    (tmp_path / "a.csv").write_text("text\nyes\nno\n")
    (tmp_path / "a.lines").write_text("yes\n\nno\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "1.txt").write_text("yes")
    (folder / "2.txt").write_text("no")
    for name in ("a.csv", "a.lines", "folder"):
        assert unlabelled_texts(tmp_path / name) == ["yes", "no"]


def test_nothing_to_read_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must be a text. Received: none"):
        unlabelled_texts(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="0xe9 at offset 3"):
        unlabelled_texts(tmp_path / "a.txt")
