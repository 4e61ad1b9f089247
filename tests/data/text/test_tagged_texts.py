import numpy as np
import pytest

from keras_nn.data import tagged_split
from keras_nn.data import tagged_texts

TEXT = "New B-loc\nYork I-loc\nis O\n\nit O\n\n"


def test_words_and_tags(tmp_path):
    (tmp_path / "a.conll").write_text(TEXT * 5)
    splits = tagged_texts(tmp_path / "a.conll", 0.2, 0.2)
    assert splits.class_names == ("O", "B-loc", "I-loc")
    sizes = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert sizes == [6, 2, 2]
    pairs = {
        (words, tuple(tags))
        for words, tags in zip(splits.train.x, splits.train.y, strict=True)
    }
    assert pairs == {(("New", "York", "is"), (1, 2, 0)), (("it",), (0,))}


def test_columns_between_word_and_tag_documents_and_line_ends(tmp_path):
    text = "-DOCSTART- -X- O\r\n\r\nNew NNP B-loc\r\na b\tNN\tO"
    (tmp_path / "train.txt").write_bytes(text.encode() * 1)
    (tmp_path / "test.txt").write_text("York\tNNP\tB-loc")
    splits = tagged_texts(tmp_path, validation_fraction=0)
    assert splits.train.x.tolist() == [("New", "a b")]
    assert splits.test.y[0].tolist() == [1]


def test_a_tag_that_is_never_learnt_is_refused(tmp_path):
    (tmp_path / "train.txt").write_text("a O")
    (tmp_path / "test.txt").write_text("York B-loc")
    with pytest.raises(ValueError, match=r"Received also: \['B-loc'\]"):
        tagged_texts(tmp_path)


@pytest.mark.parametrize(
    "content, match",
    [
        (b"", "must not be empty"),
        (b"\n\n", "must be a word"),
        (b"New B-loc\nYork\n", "'York', line 2 of"),
        (b"New\t\n", "'New.t', line 1 of"),
        (b"New O\nY\xff O\n", "0xff at offset 7 .line 2."),
    ],
)
def test_faulty_files_are_named(tmp_path, content, match):
    (tmp_path / "a.conll").write_bytes(content)
    with pytest.raises(ValueError, match=match):
        tagged_texts(tmp_path / "a.conll")


def test_faulty_folders_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such path"):
        tagged_texts(tmp_path / "a")
    with pytest.raises(ValueError, match="holds a file named train"):
        tagged_texts(tmp_path)


def test_one_line_of_ten_megabytes(tmp_path):
    (tmp_path / "a.conll").write_text("x" * 10_000_000 + " O\n\ny O\n")
    splits = tagged_texts(tmp_path / "a.conll", 0, 0)
    assert len(splits.train.x[0][0]) == 10_000_000


def test_a_split_refuses_other_tags():
    split = tagged_split([["a"]], [["O"]], ["O"])
    assert np.array_equal(split.y[0], [0])
    with pytest.raises(ValueError, match=r"Received: \['B-loc'\]"):
        tagged_split([["a"]], [["B-loc"]], ["O"])
