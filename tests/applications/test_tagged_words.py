import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications.tagged_words import Words
from keras_nn.applications.tagged_words import check_tags
from keras_nn.applications.tagged_words import in_pieces
from keras_nn.applications.tagged_words import is_words
from keras_nn.applications.tagged_words import padded_tags

TEXTS = [["to", "be", "or"], ["be"]]


def test_ids_of_words_and_of_letters():
    letters = data.WordTokenizer("abcdeort")
    words = Words(data.WordTokenizer(["to", "be"]), letters, 8, 3)
    found = words(TEXTS)
    assert found["words"][:, :4].tolist() == [[2, 3, 1, 0], [3, 0, 0, 0]]
    assert found["words"].shape == (2, words.length(TEXTS)) == (2, 8)
    expected = letters.encode_words("be")
    assert found["characters"][1, 0].tolist() == [*expected, 0]
    assert not found["characters"][1, 1:].any()


def test_long_texts_go_in_pieces_with_their_tags():
    pieces, tags = in_pieces(TEXTS, [["O", "A", "B"], ["O"]], 2)
    assert pieces == [["to", "be"], ["or"], ["be"]]
    assert tags == [["O", "A"], ["B"], ["O"]]
    with pytest.raises(ValueError, match="Received: 1 tags of 3 words"):
        in_pieces(TEXTS, [["O"], ["O"]], 2)


def test_tags_are_filled_up():
    tags = padded_tags([["B-a", "O"], [1]], ["O", "B-a"], 3)
    assert tags.tolist() == [[1, 0, -1], [1, -1, -1]]
    with pytest.raises(ValueError, match=r"Received: \['B-b'\]"):
        padded_tags([["B-b"]], ["O", "B-a"], 3)


def test_what_is_words():
    assert is_words(TEXTS)
    assert not any(map(is_words, ([], ["a"], [[]], [[1]], np.zeros((2, 2)))))


def test_classes_that_are_no_tags_are_refused():
    check_tags(["O", "B-a"])
    for names in (["B-a"], ["O", "O"]):
        with pytest.raises(ValueError, match="must hold the tag O"):
            check_tags(names)
