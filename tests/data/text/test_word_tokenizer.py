import time

import keras
import pytest

from keras_nn.data import WordTokenizer

TEXTS = ["It's good , good .", "It isn't bad!"]


def test_words_signs_and_what_hangs_on_an_apostrophe():
    tokenizer = WordTokenizer.of(TEXTS)
    text = "It isn't [good]"
    assert tokenizer.split(text) == ["It", "isn", "'t", "[", "good", "]"]
    assert [text[a:b] for a, b in tokenizer.spans(text)] == tokenizer.split(
        text
    )


def test_the_most_frequent_words_come_first():
    tokenizer = WordTokenizer.of(TEXTS, max_words=3)
    assert tokenizer.words == ["It", "good", "!"]
    assert tokenizer.encode("It good bad") == [2, 3, 1]
    assert WordTokenizer.of(TEXTS, min_count=2).words == ["It", "good"]


def test_unknown_words_and_padding():
    tokenizer = WordTokenizer.of(TEXTS, lowercase=True)
    assert tokenizer.encode("GOOD news") == [tokenizer.id_of("good"), 1]
    assert tokenizer.encode_words(["GOOD"]) == tokenizer.encode("good")
    assert tokenizer.decode([0, 1, 0]) == "[UNK]"
    assert (tokenizer.padding_id, tokenizer.unknown_id) == (0, 1)
    # What the specials are called is no word of a text.
    pattern = r"\S+"
    named = WordTokenizer.of(["[PAD] it"], pattern=pattern)
    assert named.words == ["it"]


def test_a_config_and_a_file_hold_the_vocabulary(tmp_path):
    tokenizer = WordTokenizer.of(
        TEXTS, lowercase=True, specials=("[PAD]", "[UNK]", "[MASK]")
    )
    config = keras.saving.serialize_keras_object(tokenizer)
    copy = keras.saving.deserialize_keras_object(config)
    tokenizer.save(tmp_path / "words.json")
    loaded = WordTokenizer.load(tmp_path / "words.json")
    for other in (copy, loaded):
        assert other.get_config() == tokenizer.get_config()
        assert other.encode("It is bad") == tokenizer.encode("It is bad")
    assert loaded.id_of("[MASK]") == 2


def test_a_changed_file_is_refused(tmp_path):
    path = tmp_path / "words.json"
    WordTokenizer.of(TEXTS).save(path)
    path.write_text(path.read_text().replace("good", "evil"))
    with pytest.raises(ValueError, match="damaged"):
        WordTokenizer.load(path)


def test_a_line_of_ten_megabytes():
    tokenizer = WordTokenizer.of(TEXTS)
    start = time.perf_counter()
    assert len(tokenizer.encode("good " * 2_000_000)) == 2_000_000
    assert tokenizer.encode("g" * 10_000_000) == [1]
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"words": ["a", "b", "a"]}, r"Received twice: \['a'\]"),
        ({"words": ["[PAD]"]}, r"Received twice: \['\[PAD\]'\]"),
        ({"words": [], "specials": ["x"]}, r"Received: specials=\['x'\]"),
    ],
)
def test_wrong_arguments_are_refused(arguments, received):
    with pytest.raises(ValueError, match=received):
        WordTokenizer(**arguments)


def test_wrong_ids_and_words_are_refused():
    tokenizer = WordTokenizer(["a"])
    with pytest.raises(ValueError, match=r"lie in \[0, 2\]. Received: 3"):
        tokenizer.decode([3])
    with pytest.raises(ValueError, match="Received: 'z'"):
        tokenizer.id_of("z")
