import pytest

from keras_nn.data import TextSplit
from keras_nn.data.text.text_split import as_text
from keras_nn.data.text.text_split import is_text


def test_texts_are_joined_and_split():
    split = TextSplit(["a", "bc", "d", "e"])
    assert split.text == "a\nbc\nd\ne" and split.characters == 5
    train, rest = split.split(0.25)
    assert sorted([*train.x, *rest.x]) == ["a", "bc", "d", "e"]
    assert len(rest) == 1


def test_a_single_text_is_cut_near_its_end():
    train, rest = TextSplit(["0123456789"]).split(0.3)
    assert (train.text, rest.text) == ("0123456", "789")
    with pytest.raises(ValueError, match="of 2 characters"):
        TextSplit(["ab"]).split(0.1)


def test_what_is_text():
    split = TextSplit(["a"])
    assert is_text("a") and is_text(["a", "b"]) and is_text(split)
    assert not is_text([]) and not is_text([1]) and not is_text(None)
    assert as_text(split) is split and as_text("ab").text == "ab"


def test_refuses_nothing():
    with pytest.raises(ValueError, match="0 texts"):
        TextSplit([])
    with pytest.raises(ValueError, match="2 texts, 1 of them empty"):
        TextSplit(["a", ""])
