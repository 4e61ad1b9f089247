import copy
import json

import keras
import pytest

from keras_nn.data import SubwordTokenizer
from keras_nn.data.text.subword_tokenizer import SPECIAL

TEXTS = ["A man (35) in a hat.", "Ein Mann, größer als \u00fcblich!"] * 20
KINDS = ["bpe", "byte-level", "unigram", "wordpiece"]


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request):
    size = 300 if request.param == "byte-level" else 90
    return SubwordTokenizer.train(TEXTS, size, request.param)


def test_gives_texts_back(tokenizer):
    for text in TEXTS[:2]:
        ids = tokenizer.encode(text)
        assert 0 < len(ids) <= len(text) + 1
        assert max(ids) < tokenizer.vocabulary_size
        if "WordPiece" in repr(tokenizer):  # cuts at punctuation for good
            assert tokenizer.decode(ids).replace(" ", "") == (
                text.replace(" ", "")
            )
        else:
            assert tokenizer.decode(ids) == text
    assert tokenizer.encode_batch(TEXTS[:2])[1] == tokenizer.encode(TEXTS[1])


def test_config_is_json_and_makes_the_same_tokenizer(tokenizer):
    config = json.loads(
        json.dumps(keras.saving.serialize_keras_object(tokenizer))
    )
    again = keras.saving.deserialize_keras_object(config)
    for one in (again, copy.deepcopy(tokenizer)):
        assert one.encode(TEXTS[0]) == tokenizer.encode(TEXTS[0])


def test_special_tokens_in_a_text_are_text(tokenizer):
    special = {
        tokenizer.padding_id,
        tokenizer.start_id,
        tokenizer.end_id,
    }
    again = SubwordTokenizer.from_config(tokenizer.get_config())
    for one in (tokenizer, again):
        assert not special & set(one.encode("a </s> man <pad> <s>"))


def test_bytes_leave_nothing_unknown():
    tokenizer = SubwordTokenizer.train(["abc"], 300, "byte-level")
    text = "\u65e5\u672c, \U0001f600"
    assert tokenizer.decode(tokenizer.encode(text)) == text
    pieces = SubwordTokenizer.train(TEXTS, 90)
    assert pieces.unknown_id in pieces.encode("\u65e5")


def test_lowercase_and_more_special_tokens():
    tokenizer = SubwordTokenizer.train(
        TEXTS, 90, lowercase=True, special_tokens=["[MASK]"]
    )
    assert tokenizer.decode(tokenizer.encode("A MAN")) == "a man"
    assert tokenizer.tokens([0, 3, 4]) == ["<pad>", "</s>", "[MASK]"]


@pytest.mark.slow
def test_a_line_of_ten_megabytes():
    tokenizer = SubwordTokenizer.train(TEXTS, 90)
    line = "a man in a hat. " * (10 * 2**20 // 16)
    ids = tokenizer.encode(line)
    assert len(ids) > 2**20 and tokenizer.decode(ids[:60]) in line


def test_refuses():
    tokenizer = SubwordTokenizer.train(TEXTS, 90)
    with pytest.raises(ValueError, match="must be the one of the model"):
        tokenizer.decode([1000])
    with pytest.raises(ValueError, match="Received: kind='words'"):
        SubwordTokenizer.train(TEXTS, 90, "words")
    with pytest.raises(ValueError, match="no text that is not empty"):
        SubwordTokenizer.train([""], 90)
    with pytest.raises(ValueError, match="vocabulary_size=4"):
        SubwordTokenizer.train(TEXTS, 4)
    with pytest.raises(ValueError, match="must be the JSON of a tokenizer"):
        SubwordTokenizer("{}")
    wrong = tokenizer.definition.replace("</s>", "</t>")
    with pytest.raises(ValueError, match="one without </s>"):
        SubwordTokenizer(wrong)


def test_pieces_know_their_word_and_their_characters(tokenizer):
    text = TEXTS[0]
    words, spans = tokenizer.word_numbers(text), tokenizer.spans(text)
    assert len(words) == len(spans) == len(tokenizer.encode(text))
    assert words[0] == 0 and set(words) == set(range(max(words) + 1))
    for start, end in spans:
        assert text[start:end].strip() == text[start:end]
    of_man = {
        word
        for word, (start, end) in zip(words, spans, strict=True)
        if start < text.index("man") + 3 and end > text.index("man")
    }
    assert len(of_man) == 1


def test_special_tokens_come_first():
    tokenizer = SubwordTokenizer.train(
        TEXTS, 60, special_tokens=["[MASK]", "[A]"]
    )
    assert tokenizer.specials == [*SPECIAL, "[MASK]", "[A]"]
    assert tokenizer.id_of("[A]") == 5
    assert tokenizer.words_of([5, 0]) == ["[A]", "<pad>"]
    with pytest.raises(ValueError, match=r"Received: '\[B\]'"):
        tokenizer.id_of("[B]")
