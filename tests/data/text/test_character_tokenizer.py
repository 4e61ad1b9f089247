import keras
import pytest

from keras_nn.data import CharacterTokenizer


def test_a_text_comes_back():
    text = "Ærø, 東京 and \n\ttabs"
    tokenizer = CharacterTokenizer.of(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.vocabulary_size == len(set(text))


def test_a_config_holds_the_vocabulary():
    tokenizer = CharacterTokenizer.of("zebra\ufffd", unknown="\ufffd")
    config = keras.saving.serialize_keras_object(tokenizer)
    copy = keras.saving.deserialize_keras_object(config)
    assert copy.get_config() == tokenizer.get_config()
    assert copy.encode("bear!") == tokenizer.encode("bear!")
    assert copy.decode(copy.encode("bear!")) == "bear\ufffd"


def test_bytes_of_tokens():
    assert CharacterTokenizer("aé東").token_bytes == [1, 2, 3]


def test_an_unknown_character_is_named():
    with pytest.raises(ValueError, match=r"'x' \(U\+0078\) at position 2"):
        CharacterTokenizer("ab").encode("abx")
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]. Received: 2"):
        CharacterTokenizer("ab").decode([0, 2])


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"characters": ""}, r"Received: \[\]"),
        ({"characters": ["ab"]}, r"Received: \['ab'\]"),
        ({"characters": "aba"}, r"Received twice: \['a'\]"),
        ({"characters": "ab", "unknown": "c"}, "Received: unknown='c'"),
    ],
)
def test_refuses_what_is_no_vocabulary(arguments, received):
    with pytest.raises(ValueError, match=received):
        CharacterTokenizer(**arguments)
